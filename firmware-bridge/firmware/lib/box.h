#ifndef BOX_H
#define BOX_H

#include <stdbool.h>
#include <stdint.h>

#include "debounce.h"
#include "journal.h"
#include "lights.h"
#include "reader.h"
#include "sender.h"
#include "writer.h"

/*
 * The whole box without its registers. In: the buttons' contacts, the bytes of the host, the time.
 * Out through port.h: EEPROM writes and lines; the lights as the result of box_update.
 * Promises (PROTOCOL.md §9): green only after the commit; sent only after the commit; kept until the host has
 * committed; never waits, so that no sample and no byte is missed.
 */

#define BOX_HEARTBEAT_MS 1000u
#define BOX_WAITING_MS 5000u

enum box_job { BOX_IDLE, BOX_WRITES_BOOT, BOX_WRITES_IDENTITY, BOX_WRITES_COMMIT, BOX_WRITES_MARK };

struct box {
    uint32_t id;
    uint32_t assigned_id; /* an S was taken and is on its way into the EEPROM; 0: none */
    uint32_t boot;
    uint8_t cause; /* PROTOCOL.md §15.1 */
    bool has_identity;
    bool is_boot_committed;
    bool is_hello_due;
    bool has_said_hello; /* no E before the first H, §9.2 */
    bool is_waiting;     /* the host has taken nothing for BOX_WAITING_MS */
    uint8_t shown;       /* lights as of the last sample */
    uint8_t aged_slot;
    enum box_job job;
    uint32_t dropped;
    uint32_t bad;
    uint32_t hello_at;
    uint32_t taken_at; /* when the host last took a press, or the first began to wait */
    uint32_t sampled_at;
    struct debounce debounce;
    struct journal journal;
    struct sender sender;
    struct lights lights;
    struct writer writer;
    struct reader reader;
};

/* Reads the EEPROM and starts the commit of the boot number. now: ms, any start. */
void box_open(struct box *box, uint8_t cause, uint32_t now);

/* One byte from the host. */
void box_receive(struct box *box, uint8_t byte, uint32_t now);

/*
 * Everything that may have become due. Call as often as wanted: buttons and lights are looked at once a
 * millisecond. pins: mask of closed contacts, bit 0 = button 1. Returns the mask of lights to be lit.
 */
uint8_t box_update(struct box *box, uint8_t pins, uint32_t now);

#endif
