#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "writer.h"

/*
 * The presses the box answers for: a ring of 124 records in EEPROM (PROTOCOL.md §14).
 * In: accepted presses and what the host has committed. Out: the oldest press it hasn't, and records to write.
 * Promises: a press that was committed comes back after any power cut until it is marked delivered; a press whose
 * write was cut never appears; a sequence that was ever sent is never given again.
 *
 * Four marks move through the sequence: marked ≤ delivered ≤ committed ≤ accepted ≤ marked + 124 + waiting marks.
 */

#define JOURNAL_FLAG_STUCK 1u
#define JOURNAL_FLAG_CHORD 2u
#define JOURNAL_LAST_SEQUENCE 4294967294u

/* Values of pressed_at that are no time. */
#define JOURNAL_EARLIER_BOOT 0xFFFFFFFFu
#define JOURNAL_VERY_OLD 0xFFFFFFFEu
#define JOURNAL_VOID 0xFFFFFFFDu

enum journal_job { JOURNAL_NOTHING, JOURNAL_COMMIT, JOURNAL_MARK };

struct journal_press {
    uint32_t sequence;
    uint32_t pressed_at; /* ms since boot, or JOURNAL_EARLIER_BOOT, JOURNAL_VERY_OLD */
    uint8_t button;      /* 1…4 */
    uint8_t flags;
};

struct journal {
    uint32_t accepted;  /* highest sequence given to a press */
    uint32_t committed; /* highest sequence whose record is whole in EEPROM */
    uint32_t delivered; /* the host has committed everything up to here */
    uint32_t marked;    /* … and the EEPROM says so up to here */
    uint8_t pending;    /* committed and not delivered */
    uint32_t pressed_at[LAYOUT_SLOTS];
    uint8_t presses[LAYOUT_SLOTS / 2]; /* press bytes, two in one: RAM is 2 KB */
};

/* Reads the whole ring (about 1000 bytes); nothing may be under way in the EEPROM. */
void journal_open(struct journal *journal);

/* Gives the press the next sequence. False when 124 presses wait for the host or the sequence is used up. */
bool journal_accept(struct journal *journal, uint8_t button, uint8_t flags, uint32_t now);

/* Puts the most urgent record, if any, into the idle writer; tell journal_finish when it is written. */
enum journal_job journal_start(const struct journal *journal, struct writer *writer);
void journal_finish(struct journal *journal, enum journal_job job);

/* Oldest committed press the host has not taken; false when there is none. */
bool journal_oldest(struct journal *journal, struct journal_press *press);

/* Flags of a press that is in the ring. */
uint8_t journal_flags(const struct journal *journal, uint32_t sequence);

/* The host has committed everything up to sequence. More than is committed here, or less than before: no effect. */
void journal_deliver(struct journal *journal, uint32_t sequence);

/* Keeps ages from wrapping; call with rising slots, each slot at least once a day. */
void journal_age(struct journal *journal, uint8_t slot, uint32_t now);

#endif
