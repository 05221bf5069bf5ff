#include <stdio.h>
#include <string.h>

#include "box_watch.h"
#include "fake_port.h"
#include "journal_rig.h"
#include "model.h"
#include "number.h"

/*
 * The path from the host's bytes through the reader into the whole box: any bytes at any time, with presses, power
 * cuts and a blocked wire in between; box_watch says what must hold.
 * An input: one byte that picks the EEPROM, then steps. A step is its kind and what that needs (see `steps`); what is
 * missing at the end reads as 0.
 */

/* Together at most this long, or a few inputs would take all the time. */
#define MOST_MS 700u
#define ID 0x3F9C02D7u

struct input {
    const uint8_t *at;
    size_t left;
    uint8_t pins;
    unsigned ms;
};

struct image {
    uint32_t first, last, delivered; /* as rig_prepare takes them; last 0: erased */
    bool has_identity;
    uint8_t bytes[1024];
};

static struct image images[] = {
    {1, 0, 0, false, {0}},           {1, 0, 0, true, {0}},
    {1, 200, 197, true, {0}},        {65400, 65535, 65412, true, {0}}, /* one place free, and a carry */
    {4294967170u, 4294967292u, 4294967291u, true, {0}}, {1, 10, 9, false, {0}},
};
#define IMAGES (sizeof images / sizeof images[0])

static void prepare_images(void)
{
    for (struct image *image = images; image < images + IMAGES; image++) {
        struct rig rig;
        if (image->last == 0) {
            fake_erase();
        } else {
            rig_prepare(&rig, image->first, image->last, image->delivered);
        }
        if (image->has_identity) {
            number_build_identity(fake_eeprom + LAYOUT_IDENTITY, ID);
        }
        memcpy(image->bytes, fake_eeprom, sizeof fake_eeprom);
    }
}

static uint8_t next_byte(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->at++;
}

static void receive_all(struct box_watch *watch, const char *text)
{
    for (; *text; text++) {
        watch_receive(watch, (uint8_t)*text);
    }
}

static void say(struct box_watch *watch, const char *body)
{
    char line[80];
    snprintf(line, sizeof line, "%s*%04X\n", body, model_crc((const uint8_t *)body, strlen(body)));
    receive_all(watch, line);
}

static void step_bytes(struct box_watch *watch, struct input *input)
{
    for (uint8_t left = next_byte(input); left > 0 && input->left > 0; left--) {
        watch_receive(watch, next_byte(input));
    }
}

static void step_wait(struct box_watch *watch, struct input *input)
{
    const uint8_t told = next_byte(input);
    for (unsigned ms = told < 224 ? (told & 31u) + 1u : (told - 223u) * 20u; ms > 0 && input->ms < MOST_MS; ms--) {
        watch_step(watch, input->pins);
        input->ms++;
    }
}

static void step_pins(struct box_watch *watch, struct input *input)
{
    (void)watch;
    input->pins = next_byte(input) & 0x0F;
}

/* A body of the fuzzer's in a right frame, or no line of its own would come past the CRC. */
static void step_framed(struct box_watch *watch, struct input *input)
{
    uint8_t body[64];
    uint8_t length = 0;
    for (uint8_t left = next_byte(input) & 63; left > 0 && input->left > 0; left--) {
        body[length++] = next_byte(input);
    }
    char tail[8];
    snprintf(tail, sizeof tail, "*%04X\n", model_crc(body, length));
    for (uint8_t i = 0; i < length; i++) {
        watch_receive(watch, body[i]);
    }
    receive_all(watch, tail);
}

/* Acks around what was sent, for this box and another: most are nearly right. */
static void step_ack(struct box_watch *watch, struct input *input)
{
    const uint8_t kind = next_byte(input);
    const uint32_t sequence = watch->sent + (uint32_t)(int8_t)next_byte(input);
    char body[48];
    snprintf(body, sizeof body, "A,%08x,%u,%u", (unsigned)(watch->box.id ^ (kind & 4 ? 1u : 0)), (unsigned)sequence, kind & 3u);
    say(watch, body);
}

static void step_talk(struct box_watch *watch, struct input *input)
{
    static const char *const bodies[] = {"W", "L,0", "L,1", "L,2", "S,3f9c02d7", "S,12345678", "W,", "N"};
    say(watch, bodies[next_byte(input) & 7]);
}

static void step_cut(struct box_watch *watch, struct input *input)
{
    (void)watch;
    const uint8_t write = next_byte(input) & 15;
    fake_cut_at(write, next_byte(input));
}

static void step_reboot(struct box_watch *watch, struct input *input)
{
    (void)input;
    watch_boot(watch);
}

static void step_block(struct box_watch *watch, struct input *input)
{
    (void)watch;
    fake_is_wire_full = next_byte(input) & 1;
}

static void (*const steps[])(struct box_watch *, struct input *) = {
    step_bytes, step_wait, step_pins, step_framed, step_ack, step_talk, step_cut, step_reboot, step_block,
};
#define STEPS (sizeof steps / sizeof steps[0])

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_prepared;
    static struct box_watch watch;
    if (!is_prepared) {
        prepare_images();
        is_prepared = true;
    }
    struct input input = {.at = data, .left = size};
    const struct image *image = &images[next_byte(&input) % IMAGES];
    memcpy(fake_eeprom, image->bytes, sizeof fake_eeprom);
    watch_open(&watch, image->last, image->delivered);
    while (input.left > 0) {
        steps[next_byte(&input) % STEPS](&watch, &input);
    }
    watch_drain(&watch);
    return 0;
}
