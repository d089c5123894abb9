"""The observability domain: spans, traces, and what may be asked of them. It imports nothing else of ours."""
