/** A report with both of these names is the generator's, and is labelled as a sample wherever it is shown. */
export const SAMPLE_BUCKET = 'isotherm-sample';
export const SAMPLE_DESTINATION = 'isotherm-sample-inventory';
/** Where the sample says it lies, as its log paths do. */
export const SAMPLE_REGION = 'us-east-1';
/** Raised whenever the same seed would give other rows. */
export const GENERATOR_VERSION = 2;
