#include "debounce.h"

#define ALL_BUTTONS 0x0Fu

void debounce_open(struct debounce *debounce, uint32_t now)
{
    *debounce = (struct debounce){.raw = ALL_BUTTONS, .down = ALL_BUTTONS};
    for (uint8_t i = 0; i < DEBOUNCE_BUTTONS; i++) {
        debounce->changed_at[i] = now;
        debounce->down_at[i] = now;
    }
}

static void take_sample(struct debounce *debounce, uint8_t pins, uint32_t now)
{
    const uint8_t changed = (uint8_t)(debounce->raw ^ pins);
    for (uint8_t i = 0; i < DEBOUNCE_BUTTONS; i++) {
        if (changed & (1u << i)) {
            debounce->changed_at[i] = now;
        }
    }
    debounce->raw = pins;
}

static void update_button(struct debounce *debounce, uint8_t i, uint32_t now, struct debounce_events *events)
{
    const uint8_t bit = (uint8_t)(1u << i);
    const uint32_t steady_ms = now - debounce->changed_at[i];
    const bool is_raw_down = debounce->raw & bit;

    if (debounce->masked & bit) {
        if (!is_raw_down && steady_ms >= DEBOUNCE_REARM_MS) {
            debounce->masked &= (uint8_t)~bit;
            debounce->down &= (uint8_t)~bit;
        }
    } else if (!(debounce->down & bit)) {
        if (is_raw_down && steady_ms >= DEBOUNCE_DOWN_MS) {
            debounce->down |= bit;
            debounce->down_at[i] = now;
            events->pressed |= bit;
        }
    } else if (!is_raw_down && steady_ms >= DEBOUNCE_UP_MS) {
        debounce->down &= (uint8_t)~bit;
    } else if (now - debounce->down_at[i] >= DEBOUNCE_STUCK_MS) {
        debounce->masked |= bit;
        events->stuck |= bit;
    }
}

/* PROTOCOL.md §13.4: another one just accepted, accepted together, or closed and about to be. */
static void find_chords(struct debounce *debounce, struct debounce_events *events, uint32_t now)
{
    if (debounce->chord && now - debounce->chord_at > DEBOUNCE_CHORD_MS) {
        debounce->chord = 0;
    }
    const uint8_t settling = (uint8_t)(debounce->raw & ~debounce->down);
    for (uint8_t bit = 1; bit <= ALL_BUTTONS; bit = (uint8_t)(bit << 1)) {
        const uint8_t near = (uint8_t)(debounce->chord | events->pressed | settling);
        if ((events->pressed & bit) && (near & ~bit)) {
            events->chord |= bit;
        }
    }
    if (events->pressed) {
        debounce->chord = events->pressed;
        debounce->chord_at = now;
    }
}

struct debounce_events debounce_update(struct debounce *debounce, uint8_t pins, uint32_t now)
{
    struct debounce_events events = {0};
    /* Nothing touched: the usual millisecond must cost next to nothing (power, and the simulator's pace). */
    if (!(pins | debounce->raw | debounce->down | debounce->chord)) {
        return events;
    }
    take_sample(debounce, pins, now);
    for (uint8_t i = 0; i < DEBOUNCE_BUTTONS; i++) {
        update_button(debounce, i, now, &events);
    }
    find_chords(debounce, &events, now);
    return events;
}
