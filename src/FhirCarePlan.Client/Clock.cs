namespace FhirCarePlan.Client;

internal static class Clock
{
    /// <summary>The clock given, else the machine's.</summary>
#pragma warning disable RS0030 // Users of the package need not know of clocks; tests give one.
    public static TimeProvider Or(TimeProvider? given) => given ?? TimeProvider.System;
#pragma warning restore RS0030
}
