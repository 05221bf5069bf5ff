#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "layout.h"
#include "world.h"

/*
 * Random presses, power cuts with torn bytes and a line that loses and damages in both directions, against a host
 * that stores each (id, seq) once. What must hold (PROTOCOL.md §9): stored ⊆ committed ⊆ pressed, in order, no gap,
 * no double, no press that nobody made; and whoever saw green is in the host's store in the end.
 */

#define MAX_PRESSES 600u

struct story {
    struct world world;
    uint32_t random;
    uint8_t stored[MAX_PRESSES]; /* button by sequence */
    uint32_t stored_upto;
    unsigned pressed[5]; /* by button */
    unsigned presses;
    unsigned greens;
    unsigned cuts;
};

static struct story story;

static unsigned chance(unsigned out_of)
{
    return fake_random(&story.random) % out_of;
}

/* The host commits a press, then says so; the line loses one ack in four and damages one in eight. */
static void host_takes(const char *line)
{
    unsigned id, sequence, button;
    if (sscanf(line, "E,%8x,%u,%u,", &id, &sequence, &button) != 3) {
        return;
    }
    CHECK(id == 0x3F9C02D7 && button >= 1 && button <= 4);
    CHECK(sequence <= story.stored_upto + 1 && sequence < MAX_PRESSES);
    if (sequence == story.stored_upto + 1) {
        story.stored_upto = sequence;
        story.stored[sequence] = (uint8_t)button;
    }
    CHECK(story.stored[sequence] == button);
    char ack[40];
    snprintf(ack, sizeof ack, "A," WORLD_ID ",%u,0", sequence);
    switch (chance(8)) {
    case 0:
    case 1:
        break;
    case 2:
        world_say_raw(&story.world, "A," WORLD_ID ",9,0*ABCD\n");
        break;
    case 3:
        world_say(&story.world, ack);
        world_say(&story.world, ack);
        break;
    default:
        world_say(&story.world, ack);
        break;
    }
}

/* Half of the lines of the box get through. */
static void host_listens(bool is_good)
{
    for (unsigned i = 0; i < fake_sent.count; i++) {
        if (is_good || chance(2) == 0) {
            host_takes(fake_sent.lines[i]);
        }
    }
    fake_sent.count = 0;
}

static void maybe_cut(void)
{
    if (chance(4) != 0) {
        return;
    }
    const uint8_t values[] = {0x00, 0xFF, 0x5A, (uint8_t)chance(256)};
    fake_cut_at(chance(9), values[chance(4)]);
}

static void bounce(uint8_t bit)
{
    for (unsigned i = chance(4); i > 0; i--) {
        story.world.pins ^= bit;
        world_run(&story.world, 1 + chance(3));
    }
}

/* One press with bounce; counts the greens that were seen. */
static void press(void)
{
    const uint8_t button = (uint8_t)(1 + chance(4));
    const uint8_t bit = (uint8_t)(1u << (button - 1));
    story.world.lights = 0;
    maybe_cut();
    bounce(bit);
    story.world.pins = bit;
    world_run(&story.world, 60 + chance(200));
    bounce(bit);
    story.world.pins = 0;
    world_run(&story.world, 700 + chance(300)); /* dark again: the next green is the next press's */
    story.pressed[button]++;
    story.presses++;
    story.greens += (story.world.lights & LIGHTS_GREEN) != 0;
}

static void boot(enum rate rate)
{
    world_boot(&story.world, rate);
    world_run(&story.world, 100);
    story.cuts++;
}

static void play(enum rate rate, uint32_t seed)
{
    check_case("power cuts: seed %u, %s", (unsigned)seed, rate_names[rate]);
    memset(&story, 0, sizeof story);
    story.random = seed * 7919u + 1;
    world_identify();
    boot(rate);
    for (unsigned i = 0; i < 100; i++) {
        press();
        host_listens(false);
        if (!fake_has_power) {
            boot(rate);
        }
    }
    for (unsigned i = 0; i < 400 && story.world.box.journal.pending > 0; i++) {
        world_run(&story.world, 200);
        host_listens(true);
        if (!fake_has_power) {
            boot(rate);
        }
    }
    CHECK(story.world.box.journal.pending == 0);
    CHECK(story.world.box.journal.committed == story.stored_upto);
    CHECK(story.greens <= story.stored_upto && story.stored_upto <= story.presses);
    CHECK(story.cuts > 5 && story.stored_upto > 60);
    unsigned stored[5] = {0};
    for (uint32_t sequence = 1; sequence <= story.stored_upto; sequence++) {
        stored[story.stored[sequence]]++;
    }
    for (uint8_t button = 1; button <= 4; button++) {
        CHECK(stored[button] <= story.pressed[button]);
    }
}

void test_power_cuts(void)
{
    for (enum rate rate = 0; rate < RATES; rate++) {
        for (uint32_t seed = 1; seed <= 20; seed++) {
            play(rate, seed);
        }
    }
}
