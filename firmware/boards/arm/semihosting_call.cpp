#include "firmware/boards/semihosting_call.h"

// Without a debugger the breakpoint ends in the hard fault handler (start.cpp), which answers -1 in its place.
extern "C" int32_t semihosting_call(uint32_t operation, volatile uint32_t* block) {
  register uint32_t r0 __asm__("r0") = operation;
  register volatile uint32_t* r1 __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return static_cast<int32_t>(r0);
}
