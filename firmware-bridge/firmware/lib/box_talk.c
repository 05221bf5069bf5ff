#include "box_talk.h"

#include "layout.h"
#include "line.h"
#include "port.h"
#include "version.h"

void box_count(uint32_t *counter)
{
    if (*counter != UINT32_MAX) {
        (*counter)++;
    }
}

static uint8_t build_hello(const struct box *box, char *out, uint32_t now)
{
    if (!box->has_identity) {
        return line_build_no_identity(out);
    }
    const struct line_hello hello = {
        .id = box->id,
        .boot = box->boot,
        .cause = box->cause,
        .next = box->journal.committed + 1,
        .pending = box->journal.pending,
        .dropped = box->dropped,
        .bad = box->bad,
        .now = now,
        .firmware = VERSION_FIRMWARE,
    };
    return line_build_hello(out, &hello);
}

static void say_hello(struct box *box, uint32_t now)
{
    if (!box->is_boot_committed || !(box->is_hello_due || now - box->hello_at >= BOX_HEARTBEAT_MS)) {
        return;
    }
    char out[LINE_MAX_BYTES];
    if (!port_send(out, build_hello(box, out, now))) {
        return;
    }
    box->is_hello_due = false;
    box->has_said_hello = box->has_identity;
    box->hello_at = now;
    journal_age(&box->journal, box->aged_slot, now);
    box->aged_slot = (uint8_t)((box->aged_slot + 1u) % LAYOUT_SLOTS);
}

static uint8_t build_press(const struct box *box, const struct journal_press *press, char *out, uint32_t now)
{
    const struct line_press line = {
        .id = box->id,
        .sequence = press->sequence,
        .button = press->button,
        .has_age = press->pressed_at != JOURNAL_EARLIER_BOOT,
        .age = press->pressed_at == JOURNAL_VERY_OLD ? UINT32_MAX : now - press->pressed_at,
        .flags = press->flags,
    };
    return line_build_press(out, &line);
}

static void send_oldest(struct box *box, uint32_t now)
{
    struct journal_press press;
    if (!box->has_said_hello || !journal_oldest(&box->journal, &press)
        || !sender_is_due(&box->sender, press.sequence, now)) {
        return;
    }
    char out[LINE_MAX_BYTES];
    if (port_send(out, build_press(box, &press, out, now))) {
        sender_sent(&box->sender, press.sequence, now);
    }
}

void box_talk(struct box *box, uint32_t now)
{
    say_hello(box, now);
    send_oldest(box, now);
}

static void obey_ack(struct box *box, const struct line_from_host *ack, uint32_t now)
{
    if (!box->has_identity || ack->id != box->id) {
        return;
    }
    if (!sender_obey_ack(&box->sender, ack->sequence, ack->code) || ack->sequence <= box->journal.delivered) {
        return;
    }
    journal_deliver(&box->journal, ack->sequence);
    box->taken_at = now;
    box->is_waiting = false;
}

static void obey(struct box *box, const struct line_from_host *line, uint32_t now)
{
    switch (line->type) {
    case 'W':
        sender_rewind(&box->sender);
        box->is_hello_due = true;
        break;
    case 'A':
        obey_ack(box, line, now);
        break;
    case 'S':
        if (!box->has_identity && box->assigned_id == 0) {
            box->assigned_id = line->id;
        }
        break;
    default: /* L: line_parse lets no fifth type through */
        box->lights.mode = line->code;
        break;
    }
}

void box_receive(struct box *box, uint8_t byte, uint32_t now)
{
    if (!reader_take(&box->reader, byte)) {
        return;
    }
    struct line_from_host line;
    switch (reader_parse(&box->reader, &line)) {
    case LINE_OK:
        obey(box, &line, now);
        break;
    case LINE_EMPTY:
        break;
    default:
        box_count(&box->bad);
        break;
    }
}
