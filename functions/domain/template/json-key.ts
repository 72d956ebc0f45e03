/** ECS reads one key of a JSON secret; the two empty parts mean its current version. */
export const jsonKey = (secret: string, key: string) => ({ 'Fn::Sub': `\${${secret}}:${key}::` });
