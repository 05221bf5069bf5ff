#ifndef DEBOUNCE_H
#define DEBOUNCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Four buttons, contact bounce in, one event an accepted press out (PROTOCOL.md §13).
 * Works on elapsed time, so that a late or missed sample changes nothing but the delay.
 */

#define DEBOUNCE_BUTTONS 4u
#define DEBOUNCE_DOWN_MS 10u
#define DEBOUNCE_UP_MS 25u
#define DEBOUNCE_STUCK_MS 10000u
#define DEBOUNCE_REARM_MS 1000u
#define DEBOUNCE_CHORD_MS 30u

/* Bit n stands for button n + 1 in every mask. */
struct debounce {
    uint8_t raw;    /* as sampled last, 1 = down */
    uint8_t down;   /* as accepted */
    uint8_t masked; /* stuck, waiting to be up for DEBOUNCE_REARM_MS */
    uint8_t chord;  /* the button accepted last, while it can still be part of a chord */
    uint32_t chord_at;
    uint32_t changed_at[DEBOUNCE_BUTTONS];
    uint32_t down_at[DEBOUNCE_BUTTONS];
};

struct debounce_events {
    uint8_t pressed;
    uint8_t chord; /* those of pressed with another button within DEBOUNCE_CHORD_MS */
    uint8_t stuck;
};

/* All buttons count as down, or one held across a power cut would press twice (PROTOCOL.md §13.2). */
void debounce_open(struct debounce *debounce, uint32_t now);

/* One sample: the mask of buttons whose contact is closed, at now (ms, may wrap). */
struct debounce_events debounce_update(struct debounce *debounce, uint8_t pins, uint32_t now);

#endif
