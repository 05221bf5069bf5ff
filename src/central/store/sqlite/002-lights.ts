/** How bright a touchpoint's box may be and when it is quiet: JSON of `TouchpointLights`, NULL for none. */
export const lights = 'ALTER TABLE touchpoint ADD COLUMN lights TEXT'
