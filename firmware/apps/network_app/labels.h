#pragma once
// Labels at which the emulator counts: names in the symbol table, no instructions. Given to every source of a network
// on the compiler's command line, where instructions are counted.

#ifndef __ASSEMBLER__
#define EDGESMITH_LABEL(name) __asm__ volatile(name ":" ::: "memory")
#define EDGESMITH_AFTER_OPERATOR(index, output, bytes) EDGESMITH_LABEL("edgesmith_after_" #index)
#endif
