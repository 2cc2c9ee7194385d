// The table of keys, third part: the network, its training, its way to int8.

#include "host/project/keys.h"

namespace edgesmith {
namespace {

Section model_section() {
  return {"model",
          Repeat::once,
          "The network.",
          {
              {"architecture", "", at<&Project::model, &ModelSection::architecture>, one_of({"mlp", "cnn1d"}),
               Need::shown, "", "mlp = fully connected layers; cnn1d = convolutions along time, on raw features."},
              {"hidden", "units", at<&Project::model, &ModelSection::hidden>, between(1, 4096), Need::shown, "",
               "Size of each hidden layer.", "architecture", "mlp"},
              {"filters", "channels", at<&Project::model, &ModelSection::filters>, between(1, 1024), Need::optional, "",
               "Size of each block: convolution, batch normalisation, ReLU, max pooling.", "architecture", "cnn1d"},
              {"kernel", "samples", at<&Project::model, &ModelSection::kernel>, between(1, 255), Need::optional, "",
               "Length of each convolution.", "architecture", "cnn1d"},
              {"pool", "samples", at<&Project::model, &ModelSection::pool>, between(1, 16), Need::optional, "",
               "How many samples become one after each block; 1 = no pooling.", "architecture", "cnn1d"},
              {"separable", "", at<&Project::model, &ModelSection::separable>, any(), Need::optional, "",
               "Makes the convolutions from the second block on depthwise and pointwise: smaller, a little weaker.",
               "architecture", "cnn1d"},
              {"dropout", "", at<&Project::model, &ModelSection::dropout>, between(0, 0.9), Need::optional, "",
               "Share of values left out in training: mlp after each hidden layer, cnn1d before the last layer."},
              {"file", "", at<&Project::model, &ModelSection::file>, any(), Need::optional, "\"model.tflite\"",
               "A network made elsewhere, instead of an architecture; path from the project's folder."},
              {"output", "", at<&Project::model, &ModelSection::output>, one_of({"logits", "probabilities"}, {"value"}),
               Need::optional, "", "What the outputs of that file are."},
          }};
}

Section train_section() {
  return {"train",
          Repeat::once,
          "How the network learns.",
          {
              {"epochs", "", at<&Project::train, &TrainSection::epochs>, between(1, 100000), Need::shown, "",
               "Passes over the training windows."},
              {"batch", "windows", at<&Project::train, &TrainSection::batch>, between(2, 65536), Need::optional, "",
               "Windows per step."},
              {"learning_rate", "", at<&Project::train, &TrainSection::learning_rate>, above(0, 10), Need::optional, "",
               "Size of the first step."},
              {"schedule", "", at<&Project::train, &TrainSection::schedule>, one_of({"constant", "cosine"}),
               Need::optional, "", "cosine = steps shrink to nothing over the epochs."},
              {"weight_decay", "", at<&Project::train, &TrainSection::weight_decay>, between(0, 1), Need::optional, "",
               "Pulls weights towards zero."},
              {"label_smoothing", "", at<&Project::train, &TrainSection::label_smoothing>, between(0, 0.5),
               Need::optional, "", "Share of certainty taken from the right class and given to all."},
              {"class_weights", "", at<&Project::train, &TrainSection::class_weights>, one_of({"none", "balanced"}),
               Need::optional, "", "balanced = rare classes count as much as frequent ones."},
              {"best", "", at<&Project::train, &TrainSection::best>, one_of({"val_f1", "val_accuracy", "last"}),
               Need::optional, "", "Which epoch's network is kept."},
              {"noise", "", at<&Project::train, &TrainSection::noise>, between(0, 10), Need::optional, "",
               "Deviation of noise added to normalised features in training."},
              {"scale_jitter", "", at<&Project::train, &TrainSection::scale_jitter>, between(0, 0.9), Need::optional,
               "", "Each training window's features are multiplied by 1 plus or minus up to this."},
              {"seed", "", at<&Project::train, &TrainSection::seed>, between(0, 9007199254740991), Need::optional, "",
               "The same seed gives the same network on one kind of machine."},
          }};
}

Section quantize_section() {
  return {
      "quantize",
      Repeat::once,
      "From float to int8.",
      {
          {"calibration", "", at<&Project::quantize, &QuantizeSection::calibration>, one_of({"minmax", "percentile"}),
           Need::optional, "", "How the ranges of activations are chosen."},
          {"percentile", "%", at<&Project::quantize, &QuantizeSection::percentile>, between(50, 100), Need::optional,
           "", "Share of values that the range covers.", "calibration", "percentile"},
          {"rounding", "", at<&Project::quantize, &QuantizeSection::rounding>, one_of({"tflm_double", "single"}),
           Need::optional, "", "tflm_double = as TensorFlow Lite Micro's reference kernels; single = rounded once."},
      }};
}

}  // namespace

std::vector<Section> model_sections() {
  return {model_section(), train_section(), quantize_section()};
}

}  // namespace edgesmith
