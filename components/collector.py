"""The AWS Distro for OpenTelemetry (ADOT) collector that stands next to a traced container, as plain values."""

import json

NAME = "collector"
"""Name of the container, and of the host by which the other container reaches it."""
IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0"
"""Pinned: a floating tag would change what traces hold without any change here."""
CPU = 64
"""CPU units."""
MEMORY = 256
"""MiB; more than the collector's own limit below, so that it drops spans before Docker stops it."""
PORT = 4318
"""OTLP over HTTP."""
SAMPLING_PORT = 2000
"""Where the collector passes on, signed, what an SDK asks X-Ray of sampling."""


def configuration(region: str) -> str:
    """The collector's configuration: spans in by OTLP, out to X-Ray. JSON is YAML, which is what it reads.

    SDKs can ask X-Ray through it what to sample: https://aws-otel.github.io/docs/getting-started/remote-sampling/

    The image's own configuration for X-Ray would also ask the instance metadata service, which containers cannot reach.
    """
    return json.dumps(
        {
            "extensions": {
                "health_check": {"endpoint": "127.0.0.1:13133"},
                "awsproxy": {"endpoint": f"0.0.0.0:{SAMPLING_PORT}", "region": region},
            },
            "receivers": {
                "otlp": {"protocols": {"grpc": {"endpoint": "0.0.0.0:4317"}, "http": {"endpoint": f"0.0.0.0:{PORT}"}}}
            },
            "processors": {
                "memory_limiter": {"check_interval": "1s", "limit_mib": 192},
                "resourcedetection": {"detectors": ["env", "ecs"]},
                "batch": {"timeout": "1s", "send_batch_size": 50},
            },
            "exporters": {"awsxray": {"region": region}},
            "service": {
                "extensions": ["health_check", "awsproxy"],
                "pipelines": {
                    "traces": {
                        "receivers": ["otlp"],
                        "processors": ["memory_limiter", "resourcedetection", "batch"],
                        "exporters": ["awsxray"],
                    }
                },
            },
        }
    )


def environment(service: str) -> dict[str, str]:
    """What tells an OpenTelemetry SDK to send traces, and nothing but traces, to the collector.

    Not by which sampler: SDKs that do not know `xray` ignore it or, as that of Java, refuse to start. A workload whose SDK does
    says OTEL_TRACES_SAMPLER=xray, and is told here where to ask.
    """
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{NAME}:{PORT}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_PROPAGATORS": "tracecontext,baggage,xray",
        "OTEL_SERVICE_NAME": service,
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_TRACES_SAMPLER_ARG": f"endpoint=http://{NAME}:{SAMPLING_PORT}",
    }
