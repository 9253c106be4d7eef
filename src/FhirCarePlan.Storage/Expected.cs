namespace FhirCarePlan.Storage;

/// <summary>What a request is about to ask of a snapshot. A database that is far answers it in the trip that opens the snapshot; the answers
/// are those that the questions would have.</summary>
/// <param name="Target">Asked about with its person, but not for its content, which may be hidden. If it is not there, the nearest other one is
/// asked about instead, so that hidden and absent cost the same.</param>
/// <param name="References">Asked for whole, with their persons.</param>
/// <param name="WithRelationships">Who stands in which relationship to these persons is asked as well: writing needs it.</param>
public sealed record Expected((string Type, string Id)? Target, IReadOnlyList<(string Type, string Id)> References, bool WithRelationships);
