// Imports that TypeScript cannot see into.
declare module '*.toml?checks' {
  const checks: Record<string, { name: string; low: string; high: string; fix: string }>;
  export default checks;
}
