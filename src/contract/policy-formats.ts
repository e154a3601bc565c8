/** The spellings a lifecycle configuration is read from and written to. */
export const POLICY_FORMATS = ['json', 'cli', 'xml', 'terraform', 'terraform-json', 'cloudformation', 'cloudformation-yaml'] as const;
export type PolicyFormat = (typeof POLICY_FORMATS)[number];
