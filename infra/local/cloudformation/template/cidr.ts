/** `Fn::Cidr` for IPv4: `count` consecutive blocks of `bits` host bits each, from the start of `block`. */
export const cidrBlocks = (block: string, count: number, bits: number): readonly string[] => {
  const [address = '', prefix = '32'] = block.split('/');
  const octets = address.split('.').map(Number);
  const valid = octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255);
  const size = 2 ** bits;
  if (!valid || !(count >= 1 && count <= 256) || size * count > 2 ** (32 - Number(prefix)))
    throw new Error(`Template error: Fn::Cidr cannot take ${count} blocks of ${bits} bits from ${block}`);
  const start = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return Array.from({ length: count }, (_, index) => `${dotted(start + index * size)}/${32 - bits}`);
};

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
