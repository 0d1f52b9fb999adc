"""TorchLearner: what `dlkit.training.fit` and checkpoints need of a torch model."""

import numpy as np
import torch

from dlkit.errors import NotFiniteError
from dlkit.training.finite import Stage, first_not_finite
from dlkit.training.learner import check_shared


class TorchLearner:
    """A module, its loss and an optimizer of torch.optim: dlkit.training.learner's twin.

    Batches come as NumPy arrays and go to the device and the dtype of the model's parameters.
    """

    def __init__(self, model, loss=None, optimizer=None):
        self.model, self.loss, self.optimizer = model, loss, optimizer
        if optimizer is not None:
            groups = optimizer.param_groups
            check_shared(model.parameters(), [p for group in groups for p in group["params"]])
        first = next(model.parameters(), torch.zeros(()))
        self.device, self.dtype = first.device, first.dtype

    def as_input(self, x):
        return x

    def update(self, x, t, clip_norm=None, clip_value=None):
        self.optimizer.zero_grad()
        scores = self.model(self._tensor(x))
        loss = self.loss(scores, self._tensor(t))
        value = loss.item()
        if np.isfinite(value):
            loss.backward()
            self._clip(clip_norm, clip_value)
            self.optimizer.step()
        return value, scores.detach().cpu().numpy()

    def _tensor(self, values):
        values = torch.as_tensor(np.asarray(values), device=self.device)
        if values.is_floating_point():
            return values.to(self.dtype)
        return values if values.dtype == torch.bool else values.long()

    def _clip(self, clip_norm, clip_value):
        grads = [p.grad for p in self.model.parameters() if p.grad is not None]
        if clip_value is not None:
            for g in grads:
                g.clamp_(-clip_value, clip_value)
        if clip_norm is not None:
            norm = torch.stack([torch.linalg.vector_norm(g) for g in grads]).norm().item()
            if not np.isfinite(norm):
                raise NotFiniteError(
                    f"The norm of the gradients is {norm}, so it has no direction."
                )
            if norm > clip_norm:
                for g in grads:
                    g.mul_(clip_norm / norm)

    @torch.no_grad()
    def scores(self, x):
        return self.model(self._tensor(x)).cpu().numpy()

    @torch.no_grad()
    def loss_of(self, scores, t):
        return self.loss(self._tensor(scores), self._tensor(t)).item()

    def set_lr(self, lr):
        for group in self.optimizer.param_groups:
            group["lr"] = lr

    def get_lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def training(self, on):
        self.model.train(on)

    def arrays(self):
        return {name: value.detach().cpu().numpy() for name, value in self._tensors().items()}

    @torch.no_grad()
    def load_arrays(self, values):
        for name, tensor in self._tensors().items():
            tensor.copy_(torch.as_tensor(values[name]))

    def _tensors(self):
        return {f"params/{name}": value for name, value in self.model.named_parameters()} | {
            f"buffers/{name}": value for name, value in self.model.named_buffers()
        }

    def random_states(self):
        """Of the modules' own generators, and of torch's, which torch.nn.Dropout draws from."""
        on_gpu = self.device.type == "cuda"
        states = {
            "torch": torch.get_rng_state().numpy(),
            "cuda": torch.cuda.get_rng_state(self.device).numpy() if on_gpu else np.empty(0, "u1"),
        }
        for name, rng in self._generators().items():
            torchs = isinstance(rng, torch.Generator)
            states[name] = rng.get_state().numpy() if torchs else rng.bit_generator.state
        return states

    def load_random_states(self, states):
        torch.set_rng_state(torch.tensor(states["torch"]))
        if self.device.type == "cuda" and len(states["cuda"]):  # it may have been saved on a CPU
            torch.cuda.set_rng_state(torch.tensor(states["cuda"]), self.device)
        for name, rng in self._generators().items():
            if isinstance(rng, torch.Generator):
                rng.set_state(torch.tensor(states[name]))
            else:
                rng.bit_generator.state = states[name]

    def _generators(self):
        return {
            f"{name}.{attribute}": value
            for name, module in self.model.named_modules()
            for attribute, value in vars(module).items()
            if isinstance(value, np.random.Generator | torch.Generator)
        }

    @torch.no_grad()
    def where_not_finite(self, x):
        stages = [
            Stage(
                f"layer {name or '(the model)'}, {type(module).__name__}", _params(module), module
            )
            for name, module in self.model.named_modules()
        ]
        return first_not_finite(stages, lambda: self.model(self._tensor(x)), _watch)

    def optimizer_state(self):
        """As Optimizer.saved_state; parameters are numbered, as torch's state_dict does."""
        saved = self.optimizer.state_dict()
        arrays, others = {}, {}
        for i, kept in saved["state"].items():
            tensors = {slot: v for slot, v in kept.items() if isinstance(v, torch.Tensor)}
            arrays[str(i)] = {slot: v.cpu().numpy().copy() for slot, v in tensors.items()}
            others[str(i)] = {slot: v for slot, v in kept.items() if slot not in tensors}
        numbers = {"groups": saved["param_groups"], "others": others}
        return {"rule": type(self.optimizer).__name__, "numbers": numbers, "arrays": arrays}

    def load_optimizer_state(self, saved):
        rule = type(self.optimizer).__name__
        if saved["rule"] != rule:
            raise ValueError(f"it holds a state of {saved['rule']}, not of {rule}.")
        state = {
            int(i): {slot: torch.tensor(v) for slot, v in saved["arrays"].get(i, {}).items()}
            | others
            for i, others in saved["numbers"]["others"].items()
        }
        groups = saved["numbers"]["groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})


def _params(module):
    own = module.named_parameters(recurse=False)
    return {name: value.detach().cpu().numpy() for name, value in own}


def _watch(module, see):
    """Call see(outputs) after each forward of the module; returns what undoes it."""

    def hook(_module, _inputs, outputs):
        see(tuple(y.detach().cpu().numpy() for y in _tensors_in(outputs)))

    return module.register_forward_hook(hook).remove


def _tensors_in(outputs):
    """The tensors of what a module puts out: torch's LSTM gives y and a pair of states."""
    if isinstance(outputs, torch.Tensor):
        yield outputs
    elif isinstance(outputs, tuple | list):
        for part in outputs:
            yield from _tensors_in(part)
