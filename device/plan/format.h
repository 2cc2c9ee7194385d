#pragma once
// The plan file, byte by byte. Little-endian; every section starts at a multiple of 16. See docs/formats/plan.md.
//
//   FileHeader | contract sections | target sections
//
// plan_id is the SHA-256 of the contract sections' bytes, one after another, each preceded by its length (64 bits).

#include <stdint.h>

namespace edgesmith {
namespace plan {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "plans are read in place on little-endian cores");

constexpr uint32_t kMagic = 0x4c505345u;  // "ESPL"
constexpr uint16_t kFormatVersion = 1;
constexpr uint16_t kInterfaceVersion = 1;
constexpr uint16_t kOperatorSet = 1;
constexpr uint32_t kSectionAlignment = 16;

enum Section : uint32_t {
  kInfo,            // InfoRecord
  kRoad,            // RoadRecord
  kConditioning,    // signal::ConditionStep []
  kSignals,         // signal::SignalSpec []; none for raw features
  kNormalize,       // float offset [n], then float gain [n]
  kRanges,          // guard::Range [channels]
  kRules,           // RulesRecord
  kClassRules,      // decision::ClassRule [classes]
  kLabels,          // names, each ended by a zero byte
  kTensors,         // TensorRecord []: inputs, then outputs
  kOps,             // ContractOp []
  kSelfTest,        // SelfTestRecord
  kSelfTestRoad,    // float center [channels], then float spread [channels]
  kSelfTestOutput,  // int8 [output_elems]
  kContractSections,
  kTarget = kContractSections,  // TargetRecord
  kEnds,                        // uint32_t arena offset [], one for each TensorRecord
  kPlaces,                      // TargetOp [], one for each ContractOp
  kWeights,                     // weights, biases, multipliers, shifts
  kSections,
};

struct SectionEntry {
  uint32_t offset;  // from the start of the file
  uint32_t bytes;
};

struct FileHeader {
  uint32_t magic;
  uint16_t format_version;
  uint16_t interface_version;
  uint32_t file_bytes;
  uint32_t crc32;  // of everything after this field
  uint8_t plan_id[32];
  uint32_t section_count;
  uint32_t reserved;
  SectionEntry sections[kSections];
};
constexpr uint32_t kCrcFrom = 16;  // first byte that crc32 covers

struct InfoRecord {
  uint8_t model_hash[32];     // SHA-256 of the int8 network
  uint8_t preprocess_id[32];  // of everything between the sample and the network's input
  uint8_t decision_hash[32];  // of rules and guard ranges
  uint8_t labels_hash[32];
  uint16_t min_runtime;  // interface version
  uint16_t operator_set;
  uint32_t rounding;  // Rounding
  char name[32];      // zero-ended
  char version[16];
};

struct RoadRecord {
  uint32_t channels;
  uint32_t format;  // SampleFormat
  float scale;
  float rate_hz;
  uint32_t window_samples;
  uint32_t hop_samples;
  uint32_t settling_samples;
  uint32_t hop_us;
  uint32_t fifo_samples;
  uint32_t feature_kind;  // signal::FeatureKind
  float clip;
};

struct RulesRecord {
  int32_t reject_to;
  uint8_t votes_needed;
  uint8_t votes_of;
  uint8_t emit;  // decision::Emit
  uint8_t shared_cooldown;
};

/// The road feeds `features` and reads `probabilities`; a bare network has inputs and outputs of its own meaning.
enum class Meaning : uint32_t { features = 1, probabilities = 2, input = 3, output = 4 };
enum class DType : uint32_t { s8 = 1, u8 = 2, f32 = 3 };

/// One end of the network.
struct TensorRecord {
  uint32_t dims[4];  // NHWC; missing leading dimensions are 1
  float scale;       // 0 for float32
  int32_t zero_point;
  uint32_t meaning;  // Meaning
  uint32_t dtype;    // DType
};

constexpr uint32_t kMaxParams = 32;
constexpr uint32_t kMaxInputs = 8;

/// What an operator computes: portable.
struct ContractOp {
  uint32_t code;               // kernels::OpCode
  int32_t params[kMaxParams];  // the kernels::*Params struct of the operator, then zeros
  uint32_t input_count;
  uint32_t input_bytes[kMaxInputs];
  uint32_t output_bytes;
};

constexpr uint32_t kInConstants = 0x80000000u;  // marks an offset into kWeights

/// Where it finds its data on one target. Offsets into the arena, and into kWeights (multiples of 4).
struct TargetOp {
  uint32_t input_offsets[kMaxInputs];  // into the arena; with kInConstants, into kWeights
  uint32_t output_offset;
  uint32_t scratch_offset, scratch_bytes;
  uint32_t weights_offset, weights_bytes;
  uint32_t bias_offset, multiplier_offset, shift_offset;
  uint32_t output_channels;  // entries of bias, multiplier, shift
};

struct TargetRecord {
  uint32_t kernel_set;  // kernels::KernelSet::id
  uint32_t layout_version;
  uint32_t arena_bytes;
  uint32_t reserved;
};

struct SelfTestRecord {
  uint32_t seed;
  uint32_t input_crc32;
};

}  // namespace plan
}  // namespace edgesmith
