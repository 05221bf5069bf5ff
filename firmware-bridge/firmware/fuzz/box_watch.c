#include "box_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_port.h"
#include "model.h"

#define DRAIN_MS 40000u

void watch_insist(bool is_true, const char *what)
{
    if (!is_true) {
        fprintf(stderr, "box: %s\n", what);
        abort();
    }
}

/* A commit is seen by the bytes of its slot, and once seen it must stay until an ack. */
static void see_commits(struct box_watch *watch, uint32_t committed, uint32_t most)
{
    watch_insist(committed >= watch->committed && committed - watch->committed <= most, "a press lost or invented");
    while (watch->committed != committed) {
        watch->committed++;
        const int press = model_press_of(fake_eeprom, watch->committed);
        watch_insist(press >= 0, "committed before its record was whole");
        watch->press_of[watch->committed % 124] = press;
    }
}

static void check_state(const struct box_watch *watch)
{
    const struct box *box = &watch->box;
    const struct journal *journal = &box->journal;
    watch_insist(journal->delivered <= watch->acked, "delivered without an ack");
    watch_insist(journal->pending == journal->committed - journal->delivered, "a wrong number of pending presses");
    watch_insist(journal->marked <= journal->delivered && journal->committed <= journal->accepted, "marks out of order");
    watch_insist(box->bad == watch->bad, "a wrong number of bad lines");
    watch_insist(box->lights.mode == watch->mode, "another mode of the lights");
    watch_insist(!box->has_identity || box->id == model_identity_of(fake_eeprom), "another identity than it stores");
    watch_insist(watch->assigned == 0 || !box->has_identity || box->id == watch->assigned, "not the first S taken");
}

static void hear_press(struct box_watch *watch, const char *line)
{
    unsigned id, button, flags;
    unsigned long sequence;
    char age[12];
    watch_insist(sscanf(line, "E,%8x,%lu,%u,%11[-0-9],%u*", &id, &sequence, &button, age, &flags) == 5, "no E");
    watch_insist(id == watch->box.id && sequence <= watch->committed, "sent before it was committed");
    watch_insist(sequence + 123 >= watch->committed, "sent from beyond the ring");
    watch_insist((int)(button - 1 + flags * 4) == watch->press_of[sequence % 124], "sent another press than stored");
    if (sequence > watch->sent) {
        watch->sent = (uint32_t)sequence;
    }
}

static void hear_hello(const struct box_watch *watch, const char *line)
{
    unsigned id;
    unsigned long boot, next, pending, dropped, bad;
    watch_insist(sscanf(line, "H,1,%8x,%lu,%*u,%lu,%lu,%lu,%lu,", &id, &boot, &next, &pending, &dropped, &bad) == 6, "no H");
    watch_insist(id == watch->box.id && next == watch->committed + 1ul && bad == watch->bad, "H tells something else");
}

static void hear(struct box_watch *watch)
{
    for (unsigned i = 0; i < fake_sent.count; i++) {
        const char *line = fake_sent.lines[i];
        const size_t length = strlen(line);
        char tail[8];
        watch_insist(length > 5, "a line without a frame");
        snprintf(tail, sizeof tail, "*%04X", model_crc((const uint8_t *)line, length - 5));
        watch_insist(strcmp(line + length - 5, tail) == 0, "sent with a wrong CRC");
        if (line[0] == 'E') {
            hear_press(watch, line);
        } else if (line[0] == 'H') {
            hear_hello(watch, line);
        } else {
            watch_insist(strcmp(line, "N*48FA") == 0, "sent a line that isn't in PROTOCOL.md");
        }
    }
    fake_sent.count = 0;
}

void watch_boot(struct box_watch *watch)
{
    fake_time_us += 10000;
    fake_power_on();
    watch->sent = 0;
    watch->bad = 0;
    watch->mode = 0;
    watch->length = 0;
    watch->assigned = model_identity_of(fake_eeprom);
    box_open(&watch->box, 1, watch->now);
    /* A press under way when the power went may have come through whole. */
    see_commits(watch, watch->box.journal.committed, 1);
    check_state(watch);
}

void watch_open(struct box_watch *watch, uint32_t last, uint32_t delivered)
{
    *watch = (struct box_watch){.committed = last, .acked = delivered};
    for (uint32_t sequence = last > 123 ? last - 123 : 1; sequence <= last; sequence++) {
        watch->press_of[sequence % 124] = model_press_of(fake_eeprom, sequence);
    }
    watch_boot(watch);
}

static void obey(struct box_watch *watch, const struct line_from_host *line)
{
    const bool has_identity = watch->box.has_identity;
    if (line->type == 'L') {
        watch->mode = line->code;
    } else if (line->type == 'S' && watch->assigned == 0) {
        watch->assigned = line->id;
    } else if (line->type == 'A' && has_identity && line->id == watch->box.id && line->code == 0
               && line->sequence <= watch->sent && line->sequence > watch->acked) {
        watch->acked = line->sequence;
    }
}

void watch_receive(struct box_watch *watch, uint8_t byte)
{
    if (byte != '\n') {
        if (watch->length < sizeof watch->line) {
            watch->line[watch->length++] = byte;
        }
    } else if (watch->length > 0) {
        struct line_from_host line;
        if (model_parse(watch->line, watch->length, &line)) {
            obey(watch, &line);
        } else {
            watch->bad++;
        }
        watch->length = 0;
    }
    box_receive(&watch->box, byte, watch->now);
    check_state(watch);
}

void watch_step(struct box_watch *watch, uint8_t pins)
{
    watch->now++;
    fake_time_us += 1000;
    box_update(&watch->box, pins, watch->now);
    if (!fake_has_power) {
        watch_boot(watch);
        return;
    }
    see_commits(watch, watch->box.journal.committed, 1);
    hear(watch);
    check_state(watch);
}

static void say(struct box_watch *watch, const char *body)
{
    char line[64];
    snprintf(line, sizeof line, "\n%s*%04X\n", body, model_crc((const uint8_t *)body, strlen(body)));
    for (const char *at = line; *at; at++) {
        watch_receive(watch, (uint8_t)*at);
    }
}

/* The next E must be of the lowest sequence that isn't acknowledged, or of one whose mark was lost. */
static void take_next(struct box_watch *watch)
{
    const uint32_t expected = watch->acked + 1;
    char body[40];
    watch_insist(watch->sent <= expected, "a press left out");
    snprintf(body, sizeof body, "A,%08x,%u,0", (unsigned)watch->box.id, (unsigned)watch->sent);
    say(watch, body);
}

void watch_drain(struct box_watch *watch)
{
    watch_boot(watch);
    if (watch->assigned == 0) {
        say(watch, "S,0badf00d");
    }
    for (unsigned ms = 0; watch->box.journal.pending > 0 || !watch->box.has_said_hello; ms++) {
        watch_insist(ms < DRAIN_MS, "a press that never comes");
        const uint32_t before = watch->sent;
        watch_step(watch, 0);
        if (watch->sent != before) {
            take_next(watch);
        }
    }
    watch_insist(watch->acked == watch->committed, "a press that was never sent");
}
