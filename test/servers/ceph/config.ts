/** What one throw-away cluster needs to know. */
export interface ClusterLayout {
  readonly fsid: string;
  readonly home: string;
  readonly libraries: string;
  readonly monPort: number;
  readonly rgwPort: number;
  /** Lifecycle rules run, and a day is so many seconds; null: they do not run. */
  readonly daySeconds: number | null;
}

/**
 * One monitor, one in-memory object store, one gateway, all on loopback and without authentication between them.
 * Lifecycle workers are off but where days are asked for: most tests are about configurations, and nothing may vanish while they look.
 */
export function cephConf(layout: ClusterLayout): string {
  const { fsid, home, libraries, monPort, rgwPort, daySeconds } = layout;
  return `[global]
fsid = ${fsid}
mon initial members = a
mon host = v1:127.0.0.1:${monPort}/0
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
public addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 2
osd pool default pgp num = 2
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon warn on pool no redundancy = false
mon data avail crit = 1
mon data avail warn = 1
mon allow pool delete = true
run dir = ${home}/run
admin socket = ${home}/run/$cluster-$name.$pid.asok
log file = ${home}/log/$name.log
crash dir = ${home}/log
keyring = ${home}/keyring
plugin dir = ${libraries}/ceph
erasure code dir = ${libraries}/ceph/erasure-code
osd class dir = ${libraries}/rados-classes
debug mon = 0
debug paxos = 0
debug osd = 0
debug ms = 0
debug rocksdb = 0
paxos propose interval = 0.1
paxos min wait = 0.01
[mon]
mon data = ${home}/mon/$cluster-$id
[osd]
osd data = ${home}/osd/$cluster-$id
osd objectstore = memstore
memstore device bytes = 4294967296
osd memory target = 939524096
[client.rgw.a]
rgw data = ${home}/rgw
rgw frontends = beast endpoint=127.0.0.1:${rgwPort}
${lifecycle(daySeconds)}
rgw thread pool size = 32
rgw dns name = localhost
rgw enable usage log = false
debug rgw = 1
`;
}

const lifecycle = (daySeconds: number | null): string =>
  daySeconds === null ? 'rgw enable lc threads = false' : `rgw enable lc threads = true\nrgw lc debug interval = ${daySeconds}`;
