import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPackageRoot } from './package-root.ts'

/** @returns the package's version, such as `0.1.0` */
export function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(findPackageRoot(import.meta.url), 'package.json'), 'utf8'),
  )
  return manifest.version
}
