#ifndef WORLD_H
#define WORLD_H

#include <stdint.h>

#include "box.h"
#include "fake_port.h"
#include "rates.h"

/* A whole box on the fake port, with somebody's fingers and somebody at the other end of the wire. */
struct world {
    struct box box;
    struct pace pace;
    uint64_t started_us; /* fake time of the boot */
    uint32_t start_ms;   /* what the box's clock shows then */
    uint8_t pins;
    uint8_t lights;      /* every light that was lit since world_watch */
};

#define WORLD_ID "3f9c02d7"

/* An erased EEPROM, or one with the identity WORLD_ID. */
void world_erase(void);
void world_identify(void);

void world_boot(struct world *world, enum rate rate);

/* Runs the box for ms, or until the power goes. */
void world_run(struct world *world, uint32_t ms);

/* Presses for 100 ms and lets go for 100 ms. */
void world_press(struct world *world, uint8_t button);

/* The host says BODY with its frame; world_say_raw the very bytes. */
void world_say(struct world *world, const char *body);
void world_say_raw(struct world *world, const char *bytes);

/* Forgets lines and lights so far. */
void world_watch(struct world *world);

/* Number of lines since world_watch that begin with text. */
unsigned world_heard(const char *text);

/* The last such line, or "". */
const char *world_last(const char *text);

bool world_begins(const char *line, const char *text);

/* Value of a field of a line, counted as in PROTOCOL.md §5; the largest number when there is none. */
uint32_t world_field(const char *line, unsigned number);

#endif
