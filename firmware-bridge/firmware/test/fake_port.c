#include "fake_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "port.h"

uint8_t fake_eeprom[1024];
struct fake_wire fake_sent;
uint64_t fake_time_us;
bool fake_is_wire_full;
bool fake_has_power;
unsigned fake_writes;

static uint64_t ready_at_us;
static unsigned cut_at;
static uint8_t torn_value;

void fake_erase(void)
{
    memset(fake_eeprom, 0xFF, sizeof fake_eeprom);
}

void fake_power_on(void)
{
    fake_sent.count = 0;
    fake_is_wire_full = false;
    fake_has_power = true;
    fake_writes = 0;
    ready_at_us = 0;
    cut_at = ~0u;
}

void fake_cut_at(unsigned write, uint8_t torn)
{
    cut_at = fake_writes + write;
    torn_value = torn;
}

/* A firmware that breaks the rules of port.h must not pass by luck. */
static void insist(bool is_true, const char *what)
{
    if (!is_true) {
        printf("port: %s\n", what);
        abort();
    }
}

bool port_eeprom_is_ready(void)
{
    return fake_has_power && fake_time_us >= ready_at_us;
}

uint8_t port_eeprom_read(uint16_t address)
{
    insist(address < sizeof fake_eeprom, "read out of range");
    insist(fake_time_us >= ready_at_us, "read during a write");
    return fake_eeprom[address];
}

void port_eeprom_write(uint16_t address, uint8_t value)
{
    insist(address >= 2 && address < sizeof fake_eeprom, "write out of range");
    insist(port_eeprom_is_ready(), "write during a write");
    if (fake_writes == cut_at) {
        fake_eeprom[address] = torn_value;
        fake_has_power = false;
        return;
    }
    fake_eeprom[address] = value;
    fake_writes++;
    ready_at_us = fake_time_us + FAKE_WRITE_US;
}

bool port_send(const char *bytes, uint8_t length)
{
    insist(length > 0 && length <= LINE_MAX_BYTES && bytes[length - 1] == '\n', "not a line");
    if (fake_is_wire_full) {
        return false;
    }
    insist(fake_sent.count < 512, "too many lines");
    char *line = fake_sent.lines[fake_sent.count++];
    memcpy(line, bytes, length - 1u);
    line[length - 1] = '\0';
    return true;
}

uint32_t fake_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}
