#include "host/train/torch/trainer.h"

#include <algorithm>
#include <numeric>

#include "host/train/initial.h"

namespace edgesmith::train {
namespace {

// A shard of one window has no variance for batch norm to normalise by.
constexpr std::size_t kLeastShard = 2;

std::vector<LayerSpec> layers_of(const Job& job) {
  return build_layers(job.network, job.input, static_cast<int>(job.classes.size()));
}

}  // namespace

Trainer::Trainer(const Job& job)
    : job_(job),
      loss_{class_weights(job.training.class_weights, job.train.labels, job.classes.size()),
            job.training.label_smoothing},
      checkpoint_(initial_weights(layers_of(job), job.training.seed)),
      optimiser_({.weight_decay = job.training.weight_decay}),
      order_(job.train.windows()),
      shuffling_(job.training.seed, kShuffle),
      crew_(job.training.threads) {
  const std::vector<LayerSpec> layers = layers_of(job);
  const std::vector<ParameterSpec> parameters = parameters_of(layers);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    trained_.push_back(parameters[i].trained);
    optimiser_.add(checkpoint_.tensors[i].values, parameters[i].decayed);
  }
  std::iota(order_.begin(), order_.end(), 0u);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(crew_.members()); ++i)
    shards_.push_back({Network(layers, job.input, checkpoint_), Random(job.training.seed, kAugmentation + i)});
  crew_.run([](int) { use_this_thread_alone(); });
}

double Trainer::epoch(double learning_rate) {
  shuffle(order_, shuffling_);
  const std::size_t batches = std::max<std::size_t>(1, order_.size() / static_cast<std::size_t>(job_.training.batch));
  double loss = 0;
  for (std::size_t i = 0; i < batches; ++i)
    loss += step(part(order_, i, batches), learning_rate);
  merge_statistics();
  return loss / weight_of(order_);
}

double Trainer::step(std::span<const std::uint32_t> batch, double learning_rate) {
  const std::size_t parts = std::clamp<std::size_t>(batch.size() / kLeastShard, 1, shards_.size());
  const double batch_weight = weight_of(batch);
  crew_.run([&](int member) {
    const auto index = static_cast<std::size_t>(member);
    Shard& shard = shards_[index];
    shard.took_part = index < parts;
    if (shard.took_part) train_shard(shard, part(batch, index, parts), batch_weight);
  });
  update(learning_rate);
  double loss = 0;
  for (const Shard& shard : shards_)
    loss += shard.took_part ? shard.loss : 0;
  return loss;
}

void Trainer::train_shard(Shard& shard, std::span<const std::uint32_t> windows, double batch_weight) {
  const auto elems = static_cast<std::size_t>(job_.input.elems());
  std::vector<float> features(windows.size() * elems);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto window = std::span(features).subspan(i * elems, elems);
    const std::span source = std::span(job_.train.features).subspan(windows[i] * elems, elems);
    std::copy(source.begin(), source.end(), window.begin());
    augment(window, job_.training.scale_jitter, job_.training.noise, shard.random);
    labels.push_back(job_.train.labels[windows[i]]);
  }
  shard.loss = shard.network.train(features, labels, loss_, batch_weight, shard.random);
}

void Trainer::update(double learning_rate) {
  optimiser_.begin_step(learning_rate);
  std::vector<float> sum;
  for (std::size_t i = 0; i < trained_.size(); ++i) {
    if (!trained_[i]) continue;
    sum.assign(checkpoint_.tensors[i].values.size(), 0.0f);
    for (const Shard& shard : shards_) {
      if (!shard.took_part) continue;
      const std::span<const float> gradient = shard.network.gradient(i);
      std::transform(sum.begin(), sum.end(), gradient.begin(), sum.begin(), std::plus<>());
    }
    optimiser_.update(i, sum);
  }
}

// A running mean is linear in what it follows, so the mean over the shards now is what one shared running mean would
// be.
void Trainer::merge_statistics() {
  const auto share = 1 / static_cast<float>(shards_.size());
  for (std::size_t i = 0; i < trained_.size(); ++i) {
    if (trained_[i]) continue;
    std::vector<float>& merged = checkpoint_.tensors[i].values;
    std::fill(merged.begin(), merged.end(), 0.0f);
    for (Shard& shard : shards_) {
      const std::span<const float> own = shard.network.statistic(i);
      std::transform(merged.begin(), merged.end(), own.begin(), merged.begin(),
                     [=](float sum, float value) { return sum + share * value; });
    }
    for (Shard& shard : shards_)
      std::copy(merged.begin(), merged.end(), shard.network.statistic(i).begin());
  }
}

double Trainer::weight_of(std::span<const std::uint32_t> windows) const {
  double weight = 0;
  for (const std::uint32_t window : windows)
    weight += double{loss_.class_weights[static_cast<std::size_t>(job_.train.labels[window])]};
  return weight;
}

std::vector<float> Trainer::validation_scores() {
  constexpr std::size_t kChunk = 256;  // windows at a time: bounds memory
  const auto elems = static_cast<std::size_t>(job_.input.elems());
  const std::size_t classes = job_.classes.size(), windows = job_.validation.windows();
  const std::size_t chunks = (windows + kChunk - 1) / kChunk;
  std::vector<float> features = job_.validation.features, scores(windows * classes);
  crew_.run([&](int member) {
    for (auto chunk = static_cast<std::size_t>(member); chunk < chunks; chunk += shards_.size()) {
      const std::size_t from = chunk * kChunk, n = std::min(kChunk, windows - from);
      shards_[static_cast<std::size_t>(member)].network.scores(std::span(features).subspan(from * elems, n * elems),
                                                               std::span(scores).subspan(from * classes, n * classes));
    }
  });
  return scores;
}

}  // namespace edgesmith::train
