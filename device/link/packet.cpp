#include "device/link/packet.h"

#include "device/base/crc32.h"

namespace edgesmith {
namespace link {
namespace {

constexpr uint8_t kFullBlock = 0xff;  // 254 bytes and no zero behind them

uint32_t read_u32(const uint8_t* at) {
  return uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
}

}  // namespace

void PacketWriter::begin(ByteSink sink) {
  sink_ = sink;
  filled_ = 0;
}

void PacketWriter::start(uint8_t type, uint16_t sequence) {
  crc_ = 0;
  filled_ = 0;
  const uint8_t header[kHeaderBytes] = {type, 0, static_cast<uint8_t>(sequence), static_cast<uint8_t>(sequence >> 8)};
  add(span_of(header));
}

void PacketWriter::add(Span<const uint8_t> piece) {
  crc_ = crc32(piece, crc_);
  for (uint8_t byte : piece)
    put(byte);
}

void PacketWriter::finish() {
  for (uint32_t shift = 0; shift < 32; shift += 8)
    put(static_cast<uint8_t>(crc_ >> shift));
  flush(static_cast<uint8_t>(filled_ + 1));
  const uint8_t delimiter = 0;
  sink_.write(sink_.context, {&delimiter, 1});
}

void PacketWriter::put(uint8_t byte) {
  if (byte == 0) {
    flush(static_cast<uint8_t>(filled_ + 1));
    return;
  }
  block_[++filled_] = byte;
  if (filled_ == 254) flush(kFullBlock);
}

void PacketWriter::flush(uint8_t code) {
  block_[0] = code;
  sink_.write(sink_.context, {block_, static_cast<size_t>(filled_) + 1});
  filled_ = 0;
}

void PacketReader::begin(Span<uint8_t> buffer) {
  buffer_ = buffer;
  status_ = Status::ok;
  restart();
}

void PacketReader::restart() {
  filled_ = 0;
  block_left_ = 0;
  zero_after_ = false;
  empty_ = true;
  overflow_ = false;
}

PacketReader::Event PacketReader::receive(uint8_t byte) {
  if (byte == 0) return end_frame();
  if (empty_) filled_ = 0;  // the packet before this frame is no longer needed
  empty_ = false;
  if (block_left_ > 0) {
    store(byte);
    --block_left_;
    return Event::none;
  }
  if (zero_after_) store(0);
  block_left_ = static_cast<uint8_t>(byte - 1);
  zero_after_ = byte != kFullBlock;
  return Event::none;
}

void PacketReader::store(uint8_t byte) {
  if (filled_ < buffer_.size()) {
    buffer_[filled_++] = byte;
  } else {
    overflow_ = true;
  }
}

PacketReader::Event PacketReader::end_frame() {
  if (empty_) return Event::none;  // zeros between frames mean nothing
  const bool whole = block_left_ == 0 && !overflow_ && filled_ >= kOverheadBytes;
  const uint32_t filled = filled_;
  restart();
  if (!whole) {
    status_ = Status::link_malformed;
    return Event::damaged;
  }
  filled_ = filled;
  const uint32_t body_bytes = filled - kCrcBytes;
  const bool same = crc32({buffer_.data, body_bytes}) == read_u32(buffer_.data + body_bytes);
  status_ = !same ? Status::link_checksum : (buffer_[1] != 0 ? Status::link_malformed : Status::ok);
  return status_ == Status::ok ? Event::packet : Event::damaged;
}

Packet PacketReader::packet() const {
  const uint16_t sequence = static_cast<uint16_t>(buffer_[2] | buffer_[3] << 8);
  return Packet{buffer_[0], sequence, {buffer_.data + kHeaderBytes, filled_ - kOverheadBytes}};
}

}  // namespace link
}  // namespace edgesmith
