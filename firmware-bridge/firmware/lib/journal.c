#include "journal.h"

#include "crc16.h"
#include "number.h"
#include "port.h"

/* Places inside a slot, PROTOCOL.md §14. */
#define SLOT_PRESS 4u
#define SLOT_DELIVERED 5u
#define SLOT_CRC 6u
#define SLOT_COVERED 5u

#define DELIVERED 0x00u
#define NOT_DELIVERED 0xFFu

/* 46.6 days: far enough from the wrap of 49.7 that a daily visit finds it in time. */
#define VERY_OLD_MS 0xF0000000u

static uint8_t slot_of(uint32_t sequence)
{
    return (uint8_t)(sequence % LAYOUT_SLOTS);
}

static uint16_t address_of(uint8_t slot)
{
    return (uint16_t)(LAYOUT_JOURNAL + (uint16_t)slot * LAYOUT_SLOT_BYTES);
}

static uint8_t get_press(const struct journal *journal, uint8_t slot)
{
    const uint8_t pair = journal->presses[slot / 2];
    return (slot & 1u) ? (uint8_t)(pair >> 4) : (uint8_t)(pair & 0x0Fu);
}

static void set_press(struct journal *journal, uint8_t slot, uint8_t press)
{
    uint8_t *pair = &journal->presses[slot / 2];
    *pair = (slot & 1u) ? (uint8_t)((*pair & 0x0Fu) | (press << 4)) : (uint8_t)((*pair & 0xF0u) | press);
}

/* Sequence of a whole record in its own slot, else 0. */
static uint32_t read_slot(uint8_t slot, uint8_t *press, bool *is_delivered)
{
    uint8_t record[LAYOUT_SLOT_BYTES];
    for (uint8_t i = 0; i < LAYOUT_SLOT_BYTES; i++) {
        record[i] = port_eeprom_read((uint16_t)(address_of(slot) + i));
    }
    const uint16_t crc = (uint16_t)(record[SLOT_CRC] | ((uint16_t)record[SLOT_CRC + 1] << 8));
    const uint32_t sequence = number_unpack(record);
    if (crc16_of(record, SLOT_COVERED) != crc || record[SLOT_PRESS] > 0x0Fu || slot_of(sequence) != slot
        || sequence > JOURNAL_LAST_SEQUENCE) {
        return 0;
    }
    *press = record[SLOT_PRESS];
    *is_delivered = record[SLOT_DELIVERED] == DELIVERED;
    return sequence;
}

static uint32_t highest_sequence(void)
{
    uint32_t highest = 0;
    for (uint8_t slot = 0; slot < LAYOUT_SLOTS; slot++) {
        uint8_t press;
        bool is_delivered;
        const uint32_t sequence = read_slot(slot, &press, &is_delivered);
        if (sequence > highest) {
            highest = sequence;
        }
    }
    return highest;
}

/*
 * Marks are written oldest first (PROTOCOL.md §14.4), so the undelivered presses are the top of the ring. A slot
 * among them that doesn't hold its record (a dead cell) is void: nothing to send.
 */
void journal_open(struct journal *journal)
{
    const uint32_t highest = highest_sequence();
    *journal = (struct journal){.accepted = highest, .committed = highest, .delivered = highest};
    const uint32_t first = highest > LAYOUT_SLOTS ? highest - LAYOUT_SLOTS + 1 : 1;
    for (uint32_t sequence = first; sequence <= highest; sequence++) {
        const uint8_t slot = slot_of(sequence);
        uint8_t press = 0;
        bool is_delivered = false;
        const bool is_whole = read_slot(slot, &press, &is_delivered) == sequence;
        set_press(journal, slot, press);
        journal->pressed_at[slot] = is_whole ? JOURNAL_EARLIER_BOOT : JOURNAL_VOID;
        if (!is_whole || (is_delivered && journal->pending == 0)) {
            continue;
        }
        if (journal->pending == 0) {
            journal->delivered = sequence - 1;
        }
        journal->pending++;
    }
    journal->marked = journal->delivered;
}

bool journal_accept(struct journal *journal, uint8_t button, uint8_t flags, uint32_t now)
{
    if (journal->accepted - journal->delivered >= LAYOUT_SLOTS || journal->accepted >= JOURNAL_LAST_SEQUENCE) {
        return false;
    }
    journal->accepted++;
    const uint8_t slot = slot_of(journal->accepted);
    set_press(journal, slot, (uint8_t)((button - 1u) | (flags << 2)));
    journal->pressed_at[slot] = now < JOURNAL_VOID ? now : JOURNAL_VOID - 1;
    return true;
}

static void start_commit(const struct journal *journal, struct writer *writer)
{
    const uint32_t sequence = journal->committed + 1;
    const uint8_t slot = slot_of(sequence);
    number_pack(writer->bytes, sequence);
    writer->bytes[SLOT_PRESS] = get_press(journal, slot);
    writer->bytes[SLOT_DELIVERED] = NOT_DELIVERED;
    const uint16_t crc = crc16_of(writer->bytes, SLOT_COVERED);
    writer->bytes[SLOT_CRC] = (uint8_t)crc;
    writer->bytes[SLOT_CRC + 1] = (uint8_t)(crc >> 8);
    writer_start(writer, address_of(slot), LAYOUT_SLOT_BYTES);
}

enum journal_job journal_start(const struct journal *journal, struct writer *writer)
{
    const bool has_press = journal->accepted != journal->committed;
    /* A slot is written anew only after its old press is marked, PROTOCOL.md §14.3. */
    const bool is_slot_free = journal->committed - journal->marked < LAYOUT_SLOTS;
    if (has_press && is_slot_free) {
        start_commit(journal, writer);
        return JOURNAL_COMMIT;
    }
    if (journal->marked != journal->delivered) {
        const uint16_t address = address_of(slot_of(journal->marked + 1));
        writer->bytes[0] = DELIVERED;
        writer_start(writer, (uint16_t)(address + SLOT_DELIVERED), 1);
        return JOURNAL_MARK;
    }
    return JOURNAL_NOTHING;
}

void journal_finish(struct journal *journal, enum journal_job job)
{
    if (job == JOURNAL_COMMIT) {
        journal->committed++;
        journal->pending++;
    } else {
        journal->marked++;
    }
}

bool journal_oldest(struct journal *journal, struct journal_press *press)
{
    if (journal->pending == 0) {
        return false;
    }
    uint8_t slot = slot_of(journal->delivered + 1);
    while (journal->pressed_at[slot] == JOURNAL_VOID) {
        journal->delivered++;
        slot = slot_of(journal->delivered + 1);
    }
    const uint8_t stored = get_press(journal, slot);
    press->sequence = journal->delivered + 1;
    press->pressed_at = journal->pressed_at[slot];
    press->button = (uint8_t)((stored & 3u) + 1u);
    press->flags = (uint8_t)(stored >> 2);
    return true;
}

uint8_t journal_flags(const struct journal *journal, uint32_t sequence)
{
    return (uint8_t)(get_press(journal, slot_of(sequence)) >> 2);
}

void journal_deliver(struct journal *journal, uint32_t sequence)
{
    if (sequence > journal->committed) {
        return;
    }
    while (journal->delivered < sequence) {
        journal->delivered++;
        if (journal->pressed_at[slot_of(journal->delivered)] != JOURNAL_VOID) {
            journal->pending--;
        }
    }
}

void journal_age(struct journal *journal, uint8_t slot, uint32_t now)
{
    uint32_t *pressed_at = &journal->pressed_at[slot];
    if (*pressed_at < JOURNAL_VOID && now - *pressed_at > VERY_OLD_MS) {
        *pressed_at = JOURNAL_VERY_OLD;
    }
}
