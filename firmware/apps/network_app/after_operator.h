#pragma once
// Given to every source of a generated network on the compiler's command line: it then reports each operator.

#ifndef __ASSEMBLER__
#include <stdint.h>

#ifdef __cplusplus
extern "C"
#endif
    void
    edgesmith_after_operator(uint32_t index, const void* output, uint32_t bytes);

#define EDGESMITH_AFTER_OPERATOR(index, output, bytes) edgesmith_after_operator(index, output, bytes)
#endif
