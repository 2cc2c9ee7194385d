#include "device/base/sample_fifo.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace edgesmith {
namespace {

/// A queue of two-byte samples that holds three.
struct Queue {
  alignas(4) uint8_t storage[4 * SampleFifo::entry_bytes(2)];
  SampleFifo fifo;

  Queue() {
    fifo.begin(storage, 4, 2);
  }
  bool push(uint16_t value, uint32_t time_us = 0, uint8_t fault = 0) {
    return fifo.push(&value, time_us, fault);
  }
  /// The oldest value, taken out; -1 when there is none.
  int take(SampleHeader* header_out = nullptr) {
    SampleHeader header;
    const uint8_t* bytes = fifo.front(header);
    if (bytes == nullptr) return -1;
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    fifo.pop();
    if (header_out != nullptr) *header_out = header;
    return value;
  }
};

TEST(SampleFifo, HoldsOneLessThanItsCapacity) {
  Queue queue;
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  EXPECT_TRUE(queue.push(3));
  EXPECT_FALSE(queue.push(4));
}

TEST(SampleFifo, GivesBackInOrderAcrossTheWrap) {
  Queue queue;
  for (uint16_t round = 0; round < 10; ++round) {
    EXPECT_TRUE(queue.push(static_cast<uint16_t>(2 * round)));
    EXPECT_TRUE(queue.push(static_cast<uint16_t>(2 * round + 1)));
    EXPECT_EQ(queue.take(), 2 * round);
    EXPECT_EQ(queue.take(), 2 * round + 1);
  }
  EXPECT_EQ(queue.take(), -1);
}

TEST(SampleFifo, KeepsTimeAndFaultOfEachSample) {
  Queue queue;
  queue.push(1, 0xfffffff0u, 0);
  queue.fifo.push(nullptr, 16, 2);
  SampleHeader header;
  queue.take(&header);
  EXPECT_EQ(header.time_us, 0xfffffff0u);
  EXPECT_EQ(header.fault, 0);
  queue.take(&header);
  EXPECT_EQ(header.time_us, 16u);
  EXPECT_EQ(header.fault, 2);
}

TEST(SampleFifo, TheFirstSampleAfterALossSaysSoAndOnlyThat) {
  Queue queue;
  for (uint16_t value = 1; value <= 5; ++value)
    queue.push(value);  // 4 and 5 are lost
  SampleHeader header;
  for (int value = 1; value <= 3; ++value) {
    EXPECT_EQ(queue.take(&header), value);
    EXPECT_EQ(header.gap_before, 0) << "nothing is missing before sample " << value;
  }
  queue.push(6);
  queue.push(7);
  EXPECT_EQ(queue.take(&header), 6);
  EXPECT_EQ(header.gap_before, 1);
  EXPECT_EQ(queue.take(&header), 7);
  EXPECT_EQ(header.gap_before, 0);
}

TEST(SampleFifo, ClearForgetsSamplesAndLosses) {
  Queue queue;
  for (uint16_t value = 1; value <= 4; ++value)
    queue.push(value);
  queue.fifo.clear();
  EXPECT_EQ(queue.take(), -1);
  SampleHeader header;
  queue.push(9);
  EXPECT_EQ(queue.take(&header), 9);
  EXPECT_EQ(header.gap_before, 0);
}

TEST(SampleFifo, LosesNothingUnnoticedBetweenTwoThreads) {
  Queue queue;
  std::atomic<bool> enough{false};
  std::thread producer([&] {
    for (uint32_t i = 0; !enough; ++i) {
      if (!queue.push(static_cast<uint16_t>(i), i)) std::this_thread::yield();
    }
  });
  uint32_t expected = 0, unnoticed_gaps = 0, torn = 0;
  for (uint32_t taken = 0; taken < 3000;) {
    SampleHeader header;
    const int value = queue.take(&header);
    if (value < 0) {
      std::this_thread::yield();
      continue;
    }
    ++taken;
    torn += static_cast<uint16_t>(header.time_us) != value;
    unnoticed_gaps += (header.time_us != expected) != (header.gap_before == 1);
    expected = header.time_us + 1;
  }
  enough = true;
  producer.join();
  EXPECT_EQ(torn, 0u);
  EXPECT_EQ(unnoticed_gaps, 0u);
}

}  // namespace
}  // namespace edgesmith
