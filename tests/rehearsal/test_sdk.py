"""What a rehearsal leaves out of the SDK's work comes back after it."""

from pulumi.runtime import resource

from rehearsal.sdk import without_stack_traces


def test_stack_traces_are_left_out_of_a_rehearsal_only() -> None:
    def frames() -> int:
        class Resource:
            def __init__(self) -> None:
                self.frames = len(resource._get_stack_trace().frames)

        class Custom(Resource):
            def __init__(self) -> None:
                super().__init__()

        class Topic(Custom):
            def __init__(self) -> None:
                super().__init__()

        return Topic().frames

    assert frames() > 0
    with without_stack_traces():
        assert frames() == 0
    assert frames() > 0
