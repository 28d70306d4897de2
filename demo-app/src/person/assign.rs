//! Who is who, when each is there once.

/// Things to tell apart: the ten digits.
pub(super) const N: usize = 10;

/// The cheapest one-to-one assignment: `result[row]` is the column of that row.
pub(super) fn cheapest(costs: &[[f32; N]; N]) -> [usize; N] {
    // best[set of columns used by the first rows] = cost and the column that the last of these rows took
    let mut best = vec![(f32::INFINITY, 0usize); 1 << N];
    best[0].0 = 0.0;
    for set in 0..1usize << N {
        let row = set.count_ones() as usize;
        let so_far = best[set].0;
        for column in (0..N).filter(|column| row < N && set & 1 << column == 0) {
            let cost = so_far + costs[row][column];
            let next = &mut best[set | 1 << column];
            if cost < next.0 {
                *next = (cost, column);
            }
        }
    }
    let mut result = [0; N];
    let mut set = (1 << N) - 1;
    for row in (0..N).rev() {
        result[row] = best[set].1;
        set &= !(1 << result[row]);
    }
    result
}

/// How much dearer the cheapest exchange of two rows would be: how sure the assignment is.
pub(super) fn slack(costs: &[[f32; N]; N], chosen: &[usize; N]) -> f32 {
    let mut least = f32::INFINITY;
    for one in 0..N {
        for two in one + 1..N {
            let now = costs[one][chosen[one]] + costs[two][chosen[two]];
            let exchanged = costs[one][chosen[two]] + costs[two][chosen[one]];
            least = least.min(exchanged - now);
        }
    }
    least
}
