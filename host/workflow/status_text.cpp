#include "host/workflow/status_text.h"

namespace edgesmith {

std::string status_text(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::not_begun:
      return "begin() was not called or failed";
    case Status::self_test_features:
      return "self-test: the features differ, so the build changes float results";
    case Status::self_test_network:
      return "self-test: the network's answer differs, so weights or kernels are not the plan's";
    case Status::plan_truncated:
      return "the plan file is shorter than its header says";
    case Status::plan_magic:
      return "this is not a plan file";
    case Status::plan_version:
      return "the plan file is for another version of the runtime";
    case Status::plan_checksum:
      return "the plan file is damaged (checksum)";
    case Status::plan_malformed:
      return "fields of the plan contradict each other";
    case Status::plan_foreign_target:
      return "the plan is packed for another kernel set";
    case Status::memory_too_small:
      return "the memory given is too small or not aligned";
    case Status::config_invalid:
      return "the configuration holds an impossible value";
    case Status::link_malformed:
      return "a packet does not parse";
    case Status::link_checksum:
      return "a packet was damaged on the way";
    case Status::unsupported:
      return "this build does not support the operation";
  }
  return "status " + std::to_string(static_cast<int>(status));
}

}  // namespace edgesmith
