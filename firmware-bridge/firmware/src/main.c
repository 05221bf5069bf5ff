#include "board.h"
#include "box.h"

/*
 * The loop of the box: in come contacts and bytes, out go lights and lines, in between it sleeps.
 * What it promises is in lib/box.h; the registers are in board.c and uart.c.
 */

static struct box box;

/* Dimmed means lit for one millisecond in eight: 125 Hz, no flicker to the eye. */
static uint8_t dimmed(uint8_t lights, uint32_t now)
{
    return lights_is_dimmed(&box.lights) && (now & 7u) != 0 ? 0 : lights;
}

int main(void)
{
    board_open();
    box_open(&box, board_reset_cause(), board_now());
    for (;;) {
        const uint32_t now = board_now();
        uint8_t byte;
        while (board_take_byte(&byte)) {
            box_receive(&box, byte, now);
        }
        board_light(dimmed(box_update(&box, board_buttons(), now), now));
        board_sleep();
    }
}
