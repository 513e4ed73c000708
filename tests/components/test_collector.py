import json

from components import collector


def test_the_collector_takes_spans_by_otlp_and_sends_them_to_x_ray_in_the_region() -> None:
    configuration = json.loads(collector.configuration("ap-northeast-2"))
    assert configuration["receivers"]["otlp"]["protocols"] == {
        "grpc": {"endpoint": "0.0.0.0:4317"},
        "http": {"endpoint": "0.0.0.0:4318"},
    }
    assert configuration["exporters"] == {"awsxray": {"region": "ap-northeast-2"}}
    assert configuration["service"]["pipelines"] == {
        "traces": {
            "receivers": ["otlp"],
            "processors": ["memory_limiter", "resourcedetection", "batch"],
            "exporters": ["awsxray"],
        }
    }


def test_an_sdk_can_ask_x_ray_what_to_sample() -> None:
    configuration = json.loads(collector.configuration("ap-northeast-2"))
    assert configuration["extensions"]["awsproxy"] == {"endpoint": "0.0.0.0:2000", "region": "ap-northeast-2"}
    assert set(configuration["service"]["extensions"]) == set(configuration["extensions"])
    assert collector.environment("web")["OTEL_TRACES_SAMPLER_ARG"] == "endpoint=http://collector:2000"


def test_the_collector_asks_no_instance_metadata_which_containers_cannot_reach() -> None:
    assert json.loads(collector.configuration("ap-northeast-2"))["processors"]["resourcedetection"] == {
        "detectors": ["env", "ecs"]
    }


def test_the_collector_limits_itself_before_docker_stops_it() -> None:
    limit = json.loads(collector.configuration("ap-northeast-2"))["processors"]["memory_limiter"]["limit_mib"]
    assert limit < collector.MEMORY


def test_an_sdk_is_told_to_send_traces_and_nothing_else() -> None:
    variables = collector.environment("web")
    assert variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector:4318"
    assert variables["OTEL_SERVICE_NAME"] == "web"
    assert (variables["OTEL_TRACES_EXPORTER"], variables["OTEL_METRICS_EXPORTER"]) == ("otlp", "none")
