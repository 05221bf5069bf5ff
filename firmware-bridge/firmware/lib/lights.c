#include "lights.h"

static const uint16_t sign_ms[LIGHTS_SIGNS] = {40, 600, 800};
static const uint8_t sign_light[LIGHTS_SIGNS] = {LIGHTS_AMBER, LIGHTS_GREEN, LIGHTS_RED};

void lights_show(struct lights *lights, enum lights_sign sign, uint32_t now)
{
    if (sign == LIGHTS_TICK) {
        lights->shown = 0;
    }
    lights->shown |= (uint8_t)(1u << sign);
    lights->shown_at[sign] = now;
}

static uint8_t shown_signs(struct lights *lights, uint32_t now)
{
    uint8_t mask = 0;
    for (uint8_t sign = 0; sign < LIGHTS_SIGNS && lights->shown; sign++) {
        const uint8_t bit = (uint8_t)(1u << sign);
        if ((lights->shown & bit) && now - lights->shown_at[sign] >= sign_ms[sign]) {
            lights->shown &= (uint8_t)~bit;
        }
        if (lights->shown & bit) {
            mask |= sign_light[sign];
        }
    }
    return mask;
}

static uint8_t idle_lights(enum lights_idle idle, uint16_t phase)
{
    switch (idle) {
    case LIGHTS_WAITING:
        return phase < 250 ? LIGHTS_AMBER : 0;
    case LIGHTS_HOST_REFUSES:
        return phase % 500u < 250 ? LIGHTS_AMBER : 0;
    case LIGHTS_NO_IDENTITY:
        return phase < 50 ? LIGHTS_RED : 0;
    default:
        return 0;
    }
}

uint8_t lights_update(struct lights *lights, enum lights_idle idle, uint32_t now)
{
    /* All dark, the usual case, must cost next to nothing; only the phase of the next blink is lost. */
    if (!lights->shown && idle == LIGHTS_CALM) {
        return 0;
    }
    lights->phase = (uint16_t)(lights->phase + (now - lights->updated_at));
    lights->updated_at = now;
    while (lights->phase >= 1000) {
        lights->phase = (uint16_t)(lights->phase - 1000u);
    }
    uint8_t mask = shown_signs(lights, now);
    if (lights->mode != LIGHTS_MODE_QUIET) {
        mask |= idle_lights(idle, lights->phase);
    }
    return mask;
}

bool lights_is_dimmed(const struct lights *lights)
{
    return lights->mode != LIGHTS_MODE_NORMAL;
}
