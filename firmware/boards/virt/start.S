/* Start-up of QEMU's RISC-V 'virt': stack, traps, memory, main. Starts at the first address of FLASH. */
    .option arch, +zicsr        /* every machine has these registers; the compiler's rv32imac does not name them */
    .section .vectors, "ax"
    .globl reset_handler
    .type reset_handler, @function
reset_handler:
    la sp, ld_stack_top
    la tp, ld_tls_base          /* the C library keeps errno behind tp */
    la t0, trap_entry
    csrw mtvec, t0
    call start
1:  wfi
    j 1b

/* Saves what a C function may change, calls on_trap(mcause, mepc) and goes on where it says. on_trap may also change
 * the interrupted a0, through the frame: third argument. */
    .balign 4
trap_entry:
    addi sp, sp, -64
    sw ra, 0(sp)
    sw t0, 4(sp)
    sw t1, 8(sp)
    sw t2, 12(sp)
    sw a0, 16(sp)
    sw a1, 20(sp)
    sw a2, 24(sp)
    sw a3, 28(sp)
    sw a4, 32(sp)
    sw a5, 36(sp)
    sw a6, 40(sp)
    sw a7, 44(sp)
    sw t3, 48(sp)
    sw t4, 52(sp)
    sw t5, 56(sp)
    sw t6, 60(sp)
    csrr a0, mcause
    csrr a1, mepc
    addi a2, sp, 16
    call on_trap
    csrw mepc, a0
    lw ra, 0(sp)
    lw t0, 4(sp)
    lw t1, 8(sp)
    lw t2, 12(sp)
    lw a0, 16(sp)
    lw a1, 20(sp)
    lw a2, 24(sp)
    lw a3, 28(sp)
    lw a4, 32(sp)
    lw a5, 36(sp)
    lw a6, 40(sp)
    lw a7, 44(sp)
    lw t3, 48(sp)
    lw t4, 52(sp)
    lw t5, 56(sp)
    lw t6, 60(sp)
    addi sp, sp, 64
    mret

/* int32_t semihosting_call(uint32_t operation, volatile uint32_t* block). The three instructions are the request; they
 * must be uncompressed and lie in one page. Source: RISC-V Semihosting specification, 2. */
    .section .text.semihosting_call, "ax"
    .globl semihosting_call
    .globl semihosting_ebreak
    .type semihosting_call, @function
    .option push
    .option norvc
    .balign 16
semihosting_call:
    slli x0, x0, 0x1f
semihosting_ebreak:
    ebreak
    srai x0, x0, 7
    ret
    .option pop
