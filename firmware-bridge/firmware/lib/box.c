#include "box.h"

#include "box_talk.h"
#include "layout.h"
#include "number.h"

void box_open(struct box *box, uint8_t cause, uint32_t now)
{
    *box = (struct box){.cause = cause, .hello_at = now, .taken_at = now, .sampled_at = now};
    box->has_identity = number_read_identity(&box->id);
    box->boot = number_next_boot();
    journal_open(&box->journal);
    debounce_open(&box->debounce, now);
    box->lights.updated_at = now;
}

static void press(struct box *box, uint8_t button, uint8_t flags, uint32_t now)
{
    lights_show(&box->lights, LIGHTS_TICK, now);
    if (!box->has_identity || !journal_accept(&box->journal, button, flags, now)) {
        lights_show(&box->lights, LIGHTS_REFUSED, now);
        box_count(&box->dropped);
    }
}

static void sample(struct box *box, uint8_t pins, uint32_t now)
{
    const struct debounce_events events = debounce_update(&box->debounce, pins, now);
    if (!(events.pressed | events.stuck)) {
        return;
    }
    for (uint8_t i = 0; i < DEBOUNCE_BUTTONS; i++) {
        const uint8_t bit = (uint8_t)(1u << i);
        if (events.pressed & bit) {
            press(box, (uint8_t)(i + 1u), events.chord & bit ? JOURNAL_FLAG_CHORD : 0, now);
        }
        /* A notice nobody waits for: dropped silently when there is no room, PROTOCOL.md §9.4. */
        if ((events.stuck & bit) && box->has_identity) {
            journal_accept(&box->journal, (uint8_t)(i + 1u), JOURNAL_FLAG_STUCK, now);
        }
    }
}

/* The boot number first: H must not tell one that a power cut could still take back. */
static void start_job(struct box *box)
{
    if (!box->is_boot_committed) {
        number_build_boot(box->writer.bytes, box->boot);
        writer_start(&box->writer, number_boot_address(box->boot), LAYOUT_NUMBER_BYTES);
        box->job = BOX_WRITES_BOOT;
        return;
    }
    if (box->assigned_id != 0) {
        number_build_identity(box->writer.bytes, box->assigned_id);
        writer_start(&box->writer, LAYOUT_IDENTITY, LAYOUT_NUMBER_BYTES);
        box->job = BOX_WRITES_IDENTITY;
        return;
    }
    switch (journal_start(&box->journal, &box->writer)) {
    case JOURNAL_COMMIT:
        box->job = BOX_WRITES_COMMIT;
        break;
    case JOURNAL_MARK:
        box->job = BOX_WRITES_MARK;
        break;
    default:
        break;
    }
}

static void finish_commit(struct box *box, uint32_t now)
{
    if (box->journal.pending == 0) {
        box->taken_at = now;
    }
    journal_finish(&box->journal, JOURNAL_COMMIT);
    /* Green answers a person; the notice of a stuck button answers nobody. */
    if (!(journal_flags(&box->journal, box->journal.committed) & JOURNAL_FLAG_STUCK)) {
        lights_show(&box->lights, LIGHTS_COMMITTED, now);
    }
}

static void finish_job(struct box *box, uint32_t now)
{
    switch (box->job) {
    case BOX_WRITES_BOOT:
        box->is_boot_committed = true;
        box->is_hello_due = true;
        break;
    case BOX_WRITES_IDENTITY:
        box->id = box->assigned_id;
        box->assigned_id = 0;
        box->has_identity = true;
        box->has_said_hello = false;
        box->is_hello_due = true;
        break;
    case BOX_WRITES_COMMIT:
        finish_commit(box, now);
        break;
    default: /* BOX_WRITES_MARK: nothing is finished while BOX_IDLE */
        journal_finish(&box->journal, JOURNAL_MARK);
        break;
    }
    box->job = BOX_IDLE;
}

static void write_records(struct box *box, uint32_t now)
{
    if (writer_step(&box->writer)) {
        finish_job(box, now);
    }
    if (writer_is_idle(&box->writer)) {
        start_job(box);
        writer_step(&box->writer);
    }
}

static enum lights_idle idle_sign(struct box *box, uint32_t now)
{
    if (!box->has_identity) {
        return LIGHTS_NO_IDENTITY;
    }
    if (box->journal.pending == 0) {
        box->is_waiting = false;
        return LIGHTS_CALM;
    }
    if (box->sender.is_refused) {
        return LIGHTS_HOST_REFUSES;
    }
    if (now - box->taken_at > BOX_WAITING_MS) {
        box->is_waiting = true; /* kept: the difference wraps after 49.7 days */
    }
    return box->is_waiting ? LIGHTS_WAITING : LIGHTS_CALM;
}

uint8_t box_update(struct box *box, uint8_t pins, uint32_t now)
{
    if (now != box->sampled_at) {
        box->sampled_at = now;
        sample(box, pins, now);
        box->shown = lights_update(&box->lights, idle_sign(box, now), now);
    }
    write_records(box, now);
    box_talk(box, now);
    return box->shown;
}
