#ifndef LIGHTS_H
#define LIGHTS_H

#include <stdbool.h>
#include <stdint.h>

/* What the three lights show, and for how long (PROTOCOL.md §12). */

#define LIGHTS_GREEN 1u
#define LIGHTS_AMBER 2u
#define LIGHTS_RED 4u

#define LIGHTS_MODE_NORMAL 0u
#define LIGHTS_MODE_DIM 1u
#define LIGHTS_MODE_QUIET 2u

enum lights_sign { LIGHTS_TICK, LIGHTS_COMMITTED, LIGHTS_REFUSED };
#define LIGHTS_SIGNS 3u

enum lights_idle { LIGHTS_CALM, LIGHTS_WAITING, LIGHTS_HOST_REFUSES, LIGHTS_NO_IDENTITY };

struct lights {
    uint8_t mode;
    uint8_t shown; /* mask of signs that are lit */
    uint16_t phase; /* ms within the second, for the blinking */
    uint32_t updated_at;
    uint32_t shown_at[LIGHTS_SIGNS];
};

/* The answer to a press. A tick ends the green or red of the press before. */
void lights_show(struct lights *lights, enum lights_sign sign, uint32_t now);

/* Mask of the lights to be lit at now; call at least every few ms. */
uint8_t lights_update(struct lights *lights, enum lights_idle idle, uint32_t now);

/* Dimmed lights are to be driven for an eighth of the time. */
bool lights_is_dimmed(const struct lights *lights);

#endif
