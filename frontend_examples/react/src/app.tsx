import { useState } from "react";
import { LiveTail } from "./live-tail";
import { TraceList } from "./trace-list";
import { TraceView } from "./trace-view";

export function App() {
  const [traceId, setTraceId] = useState<string>();
  return (
    <>
      <h1>Traces</h1>
      <main>
        <LiveTail onChoose={setTraceId} />
        <TraceList chosen={traceId} onChoose={setTraceId} />
        {traceId === undefined ? <p>Choose a trace.</p> : <TraceView traceId={traceId} />}
      </main>
    </>
  );
}
