#include "firmware/boards/start.h"

#include "firmware/boards/memory.h"

// From firmware/boards/sections.ld. Only the addresses mean anything.
extern "C" {
extern uint32_t ld_data_start, ld_data_end, ld_bss_start, ld_bss_end, ld_stack_bottom, ld_stack_top;
extern const uint32_t ld_data_load;
}

namespace board {
namespace {

constexpr uint32_t kPaint = 0x57ac6b1eu;

uint32_t bytes_between(const uint32_t& from, const uint32_t& to) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(&to) - reinterpret_cast<uintptr_t>(&from));
}

}  // namespace

// Volatile keeps the compiler from turning these loops into calls of memcpy and memset, whose stack frames would lie
// in the memory being painted.
void prepare_memory() {
  const volatile uint32_t* from = &ld_data_load;
  for (volatile uint32_t* to = &ld_data_start; to < &ld_data_end; ++to, ++from)
    *to = *from;
  for (volatile uint32_t* to = &ld_bss_start; to < &ld_bss_end; ++to)
    *to = 0;
  repaint_stack();
}

uint32_t repaint_stack() {
  const uintptr_t in_use = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  for (volatile uint32_t* to = &ld_stack_bottom; reinterpret_cast<uintptr_t>(to) < in_use - 64; ++to)
    *to = kPaint;
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(&ld_stack_top) - in_use);
}

uint32_t ram_bytes() {
  return bytes_between(ld_data_start, ld_data_end) + bytes_between(ld_bss_start, ld_bss_end);
}

uint32_t stack_bytes() {
  return bytes_between(ld_stack_bottom, ld_stack_top);
}

uint32_t stack_used_bytes() {
  const volatile uint32_t* lowest = &ld_stack_bottom;
  while (lowest < &ld_stack_top && *lowest == kPaint)
    ++lowest;
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(&ld_stack_top) - reinterpret_cast<uintptr_t>(lowest));
}

}  // namespace board
