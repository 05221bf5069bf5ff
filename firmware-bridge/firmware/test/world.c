#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc16.h"
#include "layout.h"
#include "number.h"

void world_erase(void)
{
    fake_erase();
}

void world_identify(void)
{
    fake_erase();
    number_build_identity(fake_eeprom + LAYOUT_IDENTITY, 0x3F9C02D7);
}

static uint32_t now_of(const struct world *world)
{
    return world->start_ms + (uint32_t)((fake_time_us - world->started_us) / 1000);
}

void world_boot(struct world *world, enum rate rate)
{
    fake_time_us += 10000;
    fake_power_on();
    world->pace = pace_start(rate);
    world->started_us = fake_time_us;
    world->lights = 0;
    box_open(&world->box, 1, now_of(world));
}

void world_run(struct world *world, uint32_t ms)
{
    const uint64_t end_us = fake_time_us + (uint64_t)ms * 1000;
    while (fake_time_us < end_us && fake_has_power) {
        world->lights |= box_update(&world->box, world->pins, now_of(world));
        const uint64_t before_us = world->pace.us;
        pace_step(&world->pace);
        fake_time_us += world->pace.us - before_us;
    }
}

void world_press(struct world *world, uint8_t button)
{
    world->pins |= (uint8_t)(1u << (button - 1));
    world_run(world, 100);
    world->pins &= (uint8_t)~(1u << (button - 1));
    world_run(world, 100);
}

void world_say_raw(struct world *world, const char *bytes)
{
    for (; *bytes; bytes++) {
        box_receive(&world->box, (uint8_t)*bytes, now_of(world));
    }
}

void world_say(struct world *world, const char *body)
{
    char line[120];
    snprintf(line, sizeof line, "%s*%04X\n", body, crc16_of((const uint8_t *)body, (uint8_t)strlen(body)));
    world_say_raw(world, line);
}

void world_watch(struct world *world)
{
    fake_sent.count = 0;
    world->lights = 0;
}

unsigned world_heard(const char *text)
{
    unsigned count = 0;
    for (unsigned i = 0; i < fake_sent.count; i++) {
        count += strncmp(fake_sent.lines[i], text, strlen(text)) == 0;
    }
    return count;
}

const char *world_last(const char *text)
{
    for (unsigned i = fake_sent.count; i > 0; i--) {
        if (strncmp(fake_sent.lines[i - 1], text, strlen(text)) == 0) {
            return fake_sent.lines[i - 1];
        }
    }
    return "";
}

bool world_begins(const char *line, const char *text)
{
    return strncmp(line, text, strlen(text)) == 0;
}

uint32_t world_field(const char *line, unsigned number)
{
    for (; number > 0 && line; number--) {
        line = strchr(line, ',');
        line = line ? line + 1 : NULL;
    }
    return line ? (uint32_t)strtoul(line, NULL, 10) : UINT32_MAX;
}
