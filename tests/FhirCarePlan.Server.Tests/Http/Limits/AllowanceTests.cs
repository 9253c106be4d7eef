using FhirCarePlan.Server.Http.Limits;

namespace FhirCarePlan.Server.Tests.Http.Limits;

public class AllowanceTests
{
    private readonly HandClock clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_was_saved_may_be_spent_at_once_and_what_was_borrowed_is_paid_back_first()
    {
        var allowance = new Allowance(10, 100, clock);
        allowance.Charge(100);
        Assert.Null(allowance.Wait());
        allowance.Charge(50);
        Assert.Equal(5, allowance.Wait());
        clock.Now += TimeSpan.FromSeconds(4);
        Assert.Equal(1, allowance.Wait());
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Null(allowance.Wait());
        allowance.Charge(1);
        Assert.Equal(1, allowance.Wait());
    }

    [Fact]
    public void No_more_is_saved_than_the_burst_and_a_clock_that_goes_back_takes_nothing()
    {
        var allowance = new Allowance(10, 100, clock);
        clock.Now += TimeSpan.FromDays(1);
        Assert.True(allowance.IsFull);
        allowance.Charge(101);
        Assert.NotNull(allowance.Wait());
        Assert.False(allowance.IsFull);
        clock.Now -= TimeSpan.FromHours(1);
        allowance.Charge(20);
        Assert.Equal(3, allowance.Wait());
        clock.Now += TimeSpan.FromHours(2);
        Assert.True(allowance.IsFull);
    }
}
