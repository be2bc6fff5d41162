"""Writes the usual FID network as an ONNX file for `ganatomy score --extractor onnx:FILE`, with pytorch-fid's structure and weights.

    python inception_onnx.py FILE.onnx --size 64 [--weights pt_inception-2015-12-05-6726825d.pth | --random] [--check CHECK.npz]
    python inception_onnx.py --small FOLDER

SIZE is that of the images; resizing to 299 x 299 and normalising are in the file, as pytorch-fid does them. Without --weights they are fetched as pytorch-fid
fetches them. --random takes random ones, for tests. --check keeps some images with their features, for `cargo run --release -p ganatomy-score --features onnx
--example onnx -- FILE.onnx CHECK.npz`. --small writes the small networks of the tests. Needs: pip install torch torchvision pytorch-fid onnx onnxscript.
"""
import argparse
import math
import os

import numpy as np
import torch


class Features(torch.nn.Module):
    """Images in [-1, 1], [n, 3, size, size], to [n, 2048] features."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images / 2 + 0.5)[0].flatten(1)


def inception(weights, is_random):
    from pytorch_fid import inception as fid

    if is_random:
        # The structure is built around a download; nothing is loaded.
        fid.load_state_dict_from_url = lambda *_, **__: {}
        fid.torchvision.models.Inception3.load_state_dict = lambda *_, **__: None
    elif weights:
        fid.load_state_dict_from_url = lambda *_, **__: torch.load(weights, map_location="cpu")
    network = fid.InceptionV3()
    if is_random:
        torch.manual_seed(0)
        for layer in network.modules():
            if isinstance(layer, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(layer.weight)
            if isinstance(layer, torch.nn.BatchNorm2d):
                torch.nn.init.uniform_(layer.weight, 0.8, 1.2)
                torch.nn.init.uniform_(layer.bias, -0.1, 0.1)
    return Features(network).eval()


def write(network, images, path, outputs=("features",), **more):
    with torch.no_grad():
        torch.onnx.export(
            network, images, path, input_names=["images"], output_names=list(outputs), opset_version=17, dynamo=False, **more
        )


class Small(torch.nn.Module):
    """A convolution and means of its channels; weights are sines, so that they need no file."""

    def __init__(self, is_two=False):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, stride=2)
        self.is_two = is_two
        for p in self.parameters():
            p.data = torch.sin(torch.arange(1, p.numel() + 1)).reshape(p.shape)

    def forward(self, images):
        hidden = torch.relu(self.conv(images))
        features = hidden.mean([2, 3])
        return (features, hidden) if self.is_two else features


def small(folder):
    images = torch.sin(torch.arange(3 * 8 * 8 * 3) * 0.37).reshape(3, 8, 8, 3)
    planes = images.permute(0, 3, 1, 2)
    place = lambda name: os.path.join(folder, f"{name}.onnx")
    write(Small(), planes[:1], place("small"))
    write(Small(True), planes[:1], place("two"), ["features", "hidden"])
    write(Small(), planes[:1], place("dynamic"), dynamic_axes={"images": {2: "height", 3: "width"}})
    with torch.no_grad():
        print("features of sin(0.37 i):", Small()(planes).numpy().tolist())
        print("the same as 0 to 255, blue first:", Small()(planes.flip(1) * 127.5 + 127.5).numpy().tolist())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?")
    parser.add_argument("--size", type=int, default=299)
    parser.add_argument("--weights")
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--check")
    parser.add_argument("--small")
    asked = parser.parse_args()
    if asked.small:
        return small(asked.small)
    network = inception(asked.weights, asked.random)
    waves = [math.sin(0.01 * i * (1 + i % 7)) for i in range(4 * asked.size * asked.size * 3)]
    images = np.asarray(waves, "f").reshape(4, asked.size, asked.size, 3)
    planes = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    write(network, planes[:1], asked.file)
    if asked.check:
        with torch.no_grad():
            np.savez(asked.check, images=images, features=network(planes).numpy())


main()
