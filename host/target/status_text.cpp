#include "host/target/status_text.h"

namespace edgesmith {
namespace {

struct Words {
  const char* name;
  const char* text;
};

Words words(Status status) {
  switch (status) {
    case Status::ok:
      return {"ok", "nothing is wrong"};
    case Status::not_begun:
      return {"not_begun", "begin() was not called, or failed: call it first and look at what it answers"};
    case Status::self_test_features:
      return {"self_test_features",
              "the features of the self-test differ: the compiler changed float results; see docs/exactness.md"};
    case Status::self_test_network:
      return {"self_test_network",
              "the network's output in the self-test differs: weights or kernels are not the plan's; flash it again"};
    case Status::plan_truncated:
      return {"plan_truncated", "the plan is shorter than its header says: fetch it again"};
    case Status::plan_magic:
      return {"plan_magic", "these bytes are no plan: check the address or the file"};
    case Status::plan_version:
      return {"plan_version", "the plan was made for another runtime: compile it with the matching tool"};
    case Status::plan_checksum:
      return {"plan_checksum", "the plan is damaged: fetch it again"};
    case Status::plan_malformed:
      return {"plan_malformed", "a field of the plan contradicts another one: compile it again"};
    case Status::plan_foreign_target:
      return {"plan_foreign_target", "the plan is packed for another kernel set: compile it for this target"};
    case Status::memory_too_small:
      return {"memory_too_small",
              "a buffer is smaller than the plan needs, or not aligned to 16: compare with memory_bytes()"};
    case Status::config_invalid:
      return {"config_invalid", "a threshold, vote, cooldown or range is impossible: the rules before stay in force"};
    case Status::link_malformed:
      return {"link_malformed", "a packet does not parse: do both ends speak the same version?"};
    case Status::link_checksum:
      return {"link_checksum", "a packet was damaged on the way: it is sent again"};
    case Status::unsupported:
      return {"unsupported", "this build does not offer that operation"};
  }
  return {"unknown", "a code that this version does not know: are tool and firmware of the same version?"};
}

}  // namespace

std::string status_name(Status status) {
  return words(status).name;
}

std::string status_text(Status status) {
  return words(status).text;
}

}  // namespace edgesmith
