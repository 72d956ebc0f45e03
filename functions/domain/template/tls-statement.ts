/** The statement of a resource's policy by which nothing reaches it in the clear. */
export const onlyOverTls = (action: string, resources: readonly unknown[]) => ({
  Sid: 'OnlyOverTls',
  Effect: 'Deny',
  Principal: '*',
  Action: action,
  Resource: resources,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
