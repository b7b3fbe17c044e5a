/** SQL: the harm, behind the guards of these tables, which are as they were afterwards. For whoever owns them; see owner-attacks.ts. */
export function behindGuards(tables: string | readonly string[], harm: string): string {
  const each = (change: string) => [tables].flat().map(table => `alter table ${table} ${change}`);
  return [...each('disable trigger user'), harm, ...each('enable trigger user')].join('; ');
}
