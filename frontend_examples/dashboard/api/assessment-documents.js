// The GraphQL documents of scores and feedback.

const ASSESSMENTS = /* GraphQL */ `fragment ScoreParts on Score {
  id: scoreId spanId name value textValue booleanValue comment source scorer userId timestamp
}

fragment FeedbackParts on Feedback {
  id: feedbackId spanId name value textValue booleanValue comment source userId timestamp
}`;

export const SPAN_ASSESSMENTS = /* GraphQL */ `query SpanAssessments($traceId: ID!, $spanId: ID!) {
  subject: span(traceId: $traceId, spanId: $spanId) {
    scores(first: 100) { nodes { ...ScoreParts } }
    feedback(first: 100) { nodes { ...FeedbackParts } }
  }
}

${ASSESSMENTS}`;

export const TRACE_ASSESSMENTS = /* GraphQL */ `query TraceAssessments($traceId: ID!) {
  subject: trace(traceId: $traceId) {
    scores(first: 100) { nodes { ...ScoreParts } }
    feedback(first: 100) { nodes { ...FeedbackParts } }
  }
}

${ASSESSMENTS}`;

export const ADD_SCORE = /* GraphQL */ `mutation AddScore($score: CreateScoreInput!) {
  batchCreateScores(scores: [$score]) { recordIds }
}`;

export const ADD_FEEDBACK = /* GraphQL */ `mutation AddFeedback($feedback: CreateFeedbackInput!) {
  batchCreateFeedback(feedback: [$feedback]) { recordIds }
}`;

export const DELETE_SCORE = /* GraphQL */ `mutation DeleteScore($id: ID!) {
  batchDeleteScores(scoreIds: [$id]) { deletedCount }
}`;

export const DELETE_FEEDBACK = /* GraphQL */ `mutation DeleteFeedback($id: ID!) {
  batchDeleteFeedback(feedbackIds: [$id]) { deletedCount }
}`;
