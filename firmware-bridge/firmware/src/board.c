#include "board.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/power.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/atomic.h>

#include "port.h"
#include "uart.h"

#define BUTTON_SHIFT 4
#define BUTTON_PINS 0xF0u
#define LIGHT_PINS (_BV(PB0) | _BV(PB1) | _BV(PB2))

static uint8_t reset_flags __attribute__((section(".noinit")));
static volatile uint32_t ticks_ms;
static volatile bool has_work;
static volatile uint8_t lit;
static volatile bool is_lit_dimly;

/*
 * After a watchdog reset the watchdog stays on, at 16 ms, until WDRF is cleared and it is switched off: later than
 * here would be too late, the box would reset for ever (ATmega328P datasheet, 11.8.2).
 */
void board_catch_reset(void) __attribute__((naked, used, section(".init3")));
void board_catch_reset(void)
{
    reset_flags = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

static void drive_lights(void)
{
    const uint8_t levels = is_lit_dimly && ((uint8_t)ticks_ms & 7u) ? 0 : lit;
    PORTB = (uint8_t)((PORTB & (uint8_t)~LIGHT_PINS) | levels);
}

/* Dimmed here and not in the loop: building a line takes it longer than 1 ms, and a pulse left out is seen. */
ISR(TIMER0_COMPA_vect)
{
    ticks_ms++;
    has_work = true;
    if (is_lit_dimly) {
        drive_lights();
    }
}

/* Asked for as long as the EEPROM is ready: it only wakes the loop, which then starts the next byte. */
ISR(EE_READY_vect)
{
    EECR &= (uint8_t)~_BV(EERIE);
    has_work = true;
}

static void open_timer(void)
{
    TCCR0A = _BV(WGM01);
    OCR0A = F_CPU / 64 / 1000 - 1;
    TIMSK0 = _BV(OCIE0A);
    TCCR0B = _BV(CS01) | _BV(CS00);
}

void board_open(void)
{
    PORTD |= BUTTON_PINS;
    DDRB |= LIGHT_PINS;
    power_adc_disable();
    power_spi_disable();
    power_twi_disable();
    power_timer1_disable();
    power_timer2_disable();
    ACSR = _BV(ACD);
    open_timer();
    uart_open();
    wdt_enable(WDTO_1S);
    set_sleep_mode(SLEEP_MODE_IDLE);
    while (!port_eeprom_is_ready()) {
        /* A write that the reset interrupted is still being finished (datasheet, 8.4.2). */
    }
    sei();
}

uint8_t board_reset_cause(void)
{
    if (reset_flags & _BV(PORF)) {
        return 1;
    }
    if (reset_flags & _BV(WDRF)) {
        return 4;
    }
    if (reset_flags & _BV(BORF)) {
        return 3;
    }
    return reset_flags & _BV(EXTRF) ? 2 : 0;
}

uint32_t board_now(void)
{
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_FORCEON)
    {
        now = ticks_ms;
    }
    return now;
}

uint8_t board_buttons(void)
{
    return (uint8_t)((uint8_t)~PIND >> BUTTON_SHIFT);
}

void board_light(uint8_t lights, bool is_dimmed)
{
    ATOMIC_BLOCK(ATOMIC_FORCEON)
    {
        lit = lights;
        is_lit_dimly = is_dimmed;
        drive_lights();
    }
}

bool board_take_byte(uint8_t *byte)
{
    return uart_take(byte);
}

/* sei takes effect after the next instruction: no interrupt can slip between the check and SLEEP. */
void board_sleep(void)
{
    wdt_reset();
    cli();
    if (!has_work && !uart_has_received()) {
        sleep_enable();
        sei();
        sleep_cpu();
        sleep_disable();
    }
    has_work = false;
    sei();
}

bool port_eeprom_is_ready(void)
{
    return !(EECR & _BV(EEPE));
}

uint8_t port_eeprom_read(uint16_t address)
{
    EEAR = address;
    EECR |= _BV(EERE);
    return EEDR;
}

/*
 * Erasing wears a cell, and it is only needed where a bit goes from 0 to 1; a mark (PROTOCOL.md §14) only clears
 * bits. EEPE must follow EEMPE within four cycles. EERIE goes in with EEPE: before it, the interrupt would be
 * pending at once, and afterwards EECR is better left alone (avr8js takes any store to it for the end of the write).
 */
void port_eeprom_write(uint16_t address, uint8_t value)
{
    const uint8_t old = port_eeprom_read(address);
    uint8_t mode = 0;
    if ((old & value) == value) {
        mode = _BV(EEPM1);
    } else if (value == 0xFF) {
        mode = _BV(EEPM0);
    }
    ATOMIC_BLOCK(ATOMIC_FORCEON)
    {
        EECR = mode;
        EEDR = value;
        const uint8_t go = (uint8_t)(mode | _BV(EERIE) | _BV(EEMPE) | _BV(EEPE));
        EECR |= _BV(EEMPE);
        EECR = go;
    }
}

bool port_send(const char *bytes, uint8_t length)
{
    return uart_send(bytes, length);
}
