using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Core;

/// <summary>The most that may be sent and answered, in bytes and entries. The capability statement states them.</summary>
/// <param name="Attached">Of a type that carries attachments, if `Content-Length` says beforehand how much is coming.</param>
public sealed record SizeLimits(int Body = 4 << 20, int Attached = 32 << 20, int Bundle = 32 << 20, int BundleEntries = 2_000, int Url = 8 << 10,
    int Answer = 32 << 20);
