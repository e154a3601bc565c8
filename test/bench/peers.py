"""What other programs make of a CSV inventory report: peers.py TASK ARGUMENTS; prints JSON, the last line of standard error says what it used.

convert FORMAT SCHEMA TO FILE...  the data files as parquet or orc, written by pyarrow
group SCHEMA FILE...              DuckDB adds up the data files by class, day, state and size regime
table SCHEMA DATABASE FILE...     DuckDB reads the data files into a table with every column typed
cells FORMAT SCHEMA FILE...       the same sums as `group`, of any format: DuckDB for csv and parquet, pyarrow for orc
"""
import json, pathlib, resource, sys
import duckdb

TIMES = ('LastModifiedDate', 'ObjectLockRetainUntilDate', 'LifecycleExpirationDate')
FLAGS = ('IsLatest', 'IsDeleteMarker', 'IsMultipartUploaded')
GROUPED = """SELECT CASE WHEN marker THEN '' ELSE class END AS class, CAST(floor(ms / 86400000.0) AS BIGINT) AS day,
  CASE WHEN marker THEN 'marker' WHEN latest THEN 'current' ELSE 'noncurrent' END AS state, size < 131072 AS small, count(*), CAST(sum(size) AS BIGINT)
  FROM rows GROUP BY ALL"""

def snake(name):
    return 'e_tag' if name == 'ETag' else ''.join(('_' if c.isupper() and i else '') + c.lower() for i, c in enumerate(name))

def csv(schema, files):
    columns = ', '.join(f"'{snake(n)}': 'VARCHAR'" for n in schema)
    return f"read_csv({[str(f) for f in files]}, header=false, quote='\"', escape='\"', columns={{{columns}}}, parallel=true)"

def typed(schema):
    def of(name):
        column = snake(name)
        value = f"nullif({column}, '')"
        if name == 'Key':
            return f"url_decode(replace(key, '+', ' ')) AS key"
        if name in TIMES:
            return f"CAST(replace({value}, 'Z', '') AS TIMESTAMP_MS) AS {column}"
        if name in FLAGS:
            return f"CAST({value} AS BOOLEAN) AS {column}"
        return f"CAST({value} AS BIGINT) AS size" if name == 'Size' else f"{value} AS {column}"
    return ', '.join(of(n) for n in schema)

def summed(schema, source, is_text):
    size = "coalesce(try_cast(nullif(size, '') AS BIGINT), 0)" if is_text else 'coalesce(size, 0)'
    instant = "CAST(replace(last_modified_date, 'Z', '') AS TIMESTAMP)" if is_text else 'CAST(last_modified_date AS TIMESTAMP)'
    has_versions = 'IsLatest' in schema
    rows = f"""SELECT coalesce(storage_class, '') AS class, epoch_ms({instant}) AS ms, {size} AS size,
      {'CAST(is_latest AS BOOLEAN)' if has_versions else 'true'} AS latest, {'CAST(is_delete_marker AS BOOLEAN)' if has_versions else 'false'} AS marker
      FROM {source}"""
    return duckdb.sql(f'WITH rows AS ({rows}) {GROUPED}').fetchall()

def orc_cells(schema, files):
    import pyarrow as pa, pyarrow.compute as pc, pyarrow.orc as orc
    sums = {}
    names = [snake(n) for n in schema if n in ('Size', 'LastModifiedDate', 'StorageClass', 'IsLatest', 'IsDeleteMarker')]
    for file in files:
        reader = orc.ORCFile(file)
        for stripe in range(reader.nstripes):
            t = pa.Table.from_batches([reader.read_stripe(stripe, columns=names)])
            yes, no = pa.array([True] * len(t)), pa.array([False] * len(t))
            latest, marker = (t['is_latest'], t['is_delete_marker']) if 'is_latest' in names else (yes, no)
            size = pc.fill_null(t['size'], 0)
            ms = pc.cast(pc.cast(t['last_modified_date'], pa.timestamp('ms'), safe=False), pa.int64())
            rows = pa.table({
                'class': pc.if_else(marker, '', pc.fill_null(t['storage_class'], '')), 'day': pc.cast(pc.floor(pc.divide(pc.cast(ms, pa.float64()), 86_400_000.0)), pa.int64()),
                'state': pc.if_else(marker, 'marker', pc.if_else(latest, 'current', 'noncurrent')), 'small': pc.less(size, 131_072), 'size': size})
            for r in rows.group_by(['class', 'day', 'state', 'small']).aggregate([('size', 'count'), ('size', 'sum')]).to_pylist():
                old = sums.setdefault((r['class'], r['day'], r['state'], r['small']), [0, 0])
                old[0] += r['size_count']
                old[1] += r['size_sum']
    return [[*key, *value] for key, value in sums.items()]

def convert(format, schema, to, files):
    import pyarrow as pa, pyarrow.orc as orc, pyarrow.parquet as pq
    for i, file in enumerate(files):
        batches = duckdb.sql(f'SELECT {typed(schema)} FROM {csv(schema, [file])}').to_arrow_reader(200_000)
        path = pathlib.Path(to) / f'{i}.{format}'
        if format == 'parquet':
            with pq.ParquetWriter(path, batches.schema, compression='snappy') as writer:
                for batch in batches:
                    writer.write_batch(batch)
        else:
            with orc.ORCWriter(str(path), compression='zlib', dictionary_key_size_threshold=0.8) as writer:
                for batch in batches:
                    writer.write(pa.Table.from_batches([batch]))
    return sorted(str(f) for f in pathlib.Path(to).glob(f'*.{format}'))

def run(task, *arguments):
    duckdb.sql('SET threads = 2')
    if task == 'convert':
        format, schema, to, *files = arguments
        return convert(format, schema.split(', '), to, files)
    if task == 'group':
        schema, *files = arguments
        return len(summed(schema.split(', '), csv(schema.split(', '), files), True))
    if task == 'table':
        schema, database, *files = arguments
        with duckdb.connect(database, config={'threads': 2}) as connection:
            connection.sql(f"CREATE TABLE objects AS SELECT {typed(schema.split(', '))} FROM {csv(schema.split(', '), files)}")
        return None
    format, schema, *files = arguments
    schema = schema.split(', ')
    if format == 'orc':
        return orc_cells(schema, files)
    return summed(schema, csv(schema, files), True) if format == 'csv' else summed(schema, f'read_parquet({files})', False)

print(json.dumps(run(*sys.argv[1:])))
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({'cpuMs': (used.ru_utime + used.ru_stime) * 1000, 'rssMib': used.ru_maxrss / 1024}), file=sys.stderr)
