#include "board.h"
#include "box.h"

/*
 * The loop of the box: in come contacts and bytes, out go lights and lines, in between it sleeps.
 * What it promises is in lib/box.h; the registers are in board.c and uart.c.
 */

static struct box box;

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
        const uint8_t lights = box_update(&box, board_buttons(), now);
        board_light(lights, lights_is_dimmed(&box.lights));
        board_sleep();
    }
}
