import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, URL-safe. */
export const makeSecret = (): string => randomBytes(32).toString('base64url')

/** What the store keeps of a secret. Of 256 random bits a fast hash can't be reversed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** A name of 72 random bits for what is no secret. */
export const makeId = (): string => randomBytes(9).toString('base64url')
