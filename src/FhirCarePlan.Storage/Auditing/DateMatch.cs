using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>An instant, or a span of instants, against a date asked for. https://hl7.org/fhir/R4/search.html#prefix</summary>
internal static class DateMatch
{
    public static bool Holds(QueryValue date, long at) => date.Prefix switch
    {
        Prefix.Ne => at < date.Low || at > date.High,
        Prefix.Gt or Prefix.Sa => at > date.High,
        Prefix.Lt or Prefix.Eb => at < date.Low,
        Prefix.Ge => at >= date.Low,
        Prefix.Le => at <= date.High,
        _ => at >= date.Low && at <= date.High,
    };

    /// <summary>Every instant from `oldest` to `newest` holds: all prefixes but `ne` ask for one stretch of time.</summary>
    public static bool MustHold(QueryValue date, long oldest, long newest) => date.Prefix != Prefix.Ne && Holds(date, oldest)
        && Holds(date, newest);

    /// <summary>Some instant from `oldest` to `newest` may hold.</summary>
    public static bool MayHold(QueryValue date, long oldest, long newest) => date.Prefix switch
    {
        Prefix.Ne => true,
        Prefix.Gt or Prefix.Sa => newest > date.High,
        Prefix.Lt or Prefix.Eb => oldest < date.Low,
        Prefix.Ge => newest >= date.Low,
        Prefix.Le => oldest <= date.High,
        _ => newest >= date.Low && oldest <= date.High,
    };
}
