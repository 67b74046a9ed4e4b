/** Has every thread of the program load a file of `afflictions/` first. */
export function afflicted(file: string): { env: NodeJS.ProcessEnv } {
  return { env: { NODE_OPTIONS: `--import ${new URL(`./afflictions/${file}`, import.meta.url).href}` } };
}
