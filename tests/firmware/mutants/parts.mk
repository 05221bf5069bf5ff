# The image in objects of their own, so that a mutant compiles only what it changes; hence without -flto. Run in a copy of the firmware.
include avr.mk

FLAGS := $(filter-out -flto,$(AVR_CFLAGS))
OBJECTS := $(patsubst %.c,build/parts/%.o,$(sort $(wildcard lib/*.c) $(wildcard src/*.c)))

build/parts/image.hex: build/parts/image.elf
	avr-objcopy -O ihex -R .eeprom $< $@

build/parts/image.elf: $(OBJECTS)
	avr-gcc $(filter-out -flto,$(AVR_LDFLAGS)) $^ -o $@

build/parts/%.o: %.c
	@mkdir -p $(@D)
	avr-gcc $(FLAGS) -MMD -c $< -o $@

-include $(OBJECTS:.o=.d)

.DELETE_ON_ERROR:
